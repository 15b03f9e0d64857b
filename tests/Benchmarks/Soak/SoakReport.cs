using System.Globalization;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>Holds two checkpoints against each other and against the bounds.</summary>
/// <remarks>
/// No live calls, no live tensors; managed heap and PSS at most 5 % above the first checkpoint, of each process and of all together.
/// PSS moves when another program begins or ceases to share libtorch's pages: measure on a machine without other users of it.
/// </remarks>
/// <param name="First">The one that memory is measured against.</param>
/// <param name="Last">The end.</param>
internal sealed record SoakReport(Checkpoint First, Checkpoint Last)
{
    private const double MostGrowth = 1.05;
    private const double Mebi = 1 << 20;

    /// <summary>Whether memory has bounds: a short run says nothing about it.</summary>
    private bool BoundsMemory => Last.Calls > First.Calls;

    /// <summary>One line per process.</summary>
    public IEnumerable<string> Table()
    {
        yield return $"{"process",-14}{"calls",8}{"tensors",9}{"forgotten",11}   {"heap MiB, at " + First.Calls,18}{Last.Calls,9}{"",8}   {"PSS MiB, at " + First.Calls,18}{Last.Calls,9}";
        foreach (var (name, state) in Last.Processes.OrderBy(process => process.Key, StringComparer.Ordinal))
        {
            var before = First.Processes[name];
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-14}{Calls(state),8}{state.Counts.Tensors,9}{state.Counts.Forgotten,11}   {before.HeapBytes / Mebi,18:F2}{state.HeapBytes / Mebi,9:F2}{Growth(before.HeapBytes, state.HeapBytes),8:+0.0%;-0.0%}   {before.PssBytes / Mebi,18:F1}{state.PssBytes / Mebi,9:F1}{Growth(before.PssBytes, state.PssBytes),8:+0.0%;-0.0%}");
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{"together",-31}{"",14}{Heap(First) / Mebi,18:F2}{Heap(Last) / Mebi,9:F2}{Growth(Heap(First), Heap(Last)),8:+0.0%;-0.0%}   {Pss(First) / Mebi,18:F1}{Pss(Last) / Mebi,9:F1}{Growth(Pss(First), Pss(Last)),8:+0.0%;-0.0%}");
    }

    /// <summary>Every bound that is broken, a sentence each.</summary>
    public IEnumerable<string> Breaches()
    {
        foreach (var (name, state) in Last.Processes)
        {
            if (Calls(state) != 0)
            {
                yield return $"{name} has {Calls(state)} live calls.";
            }

            if (state.Counts.Tensors != 0)
            {
                yield return $"{name} has {state.Counts.Tensors} live tensors.";
            }

            if (state.Counts.Forgotten != 0)
            {
                yield return $"{name} left {state.Counts.Forgotten} tensors to the collector.";
            }

            if (BoundsMemory && state.HeapBytes > MostGrowth * First.Processes[name].HeapBytes)
            {
                yield return $"{name}'s managed heap has grown by more than 5 %.";
            }

            if (BoundsMemory && state.PssBytes > MostGrowth * First.Processes[name].PssBytes)
            {
                yield return $"{name}'s PSS has grown by more than 5 %.";
            }
        }

        if (BoundsMemory && Heap(Last) > MostGrowth * Heap(First))
        {
            yield return "The managed heaps together have grown by more than 5 %.";
        }

        if (BoundsMemory && Pss(Last) > MostGrowth * Pss(First))
        {
            yield return "The processes' PSS together has grown by more than 5 %.";
        }
    }

    private static long Heap(Checkpoint checkpoint) => checkpoint.Processes.Values.Sum(process => process.HeapBytes);

    private static long Pss(Checkpoint checkpoint) => checkpoint.Processes.Values.Sum(process => process.PssBytes);

    private static long Calls(ProcessState state) => state.Counts.Serving + state.Counts.Calling;

    private static double Growth(long before, long now) => ((double)now / before) - 1;
}
