using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>FlexiCubes: surface, deviations, and the gradients to positions, field and weights.</summary>
internal static class FlexiCubesKind
{
    private static readonly string[] Inputs = ["x", "sdf", "alpha", "beta", "gamma"];

    public static void Run(GoldenCase golden)
    {
        var inputs = Inputs.Where(name => golden.Has($"in/{name}")).ToDictionary(name => name, name => golden.Leaf($"in/{name}"));
        var scale = golden.Config.TryGetProperty("weight_scale", out var given) ? given.GetDouble() : FlexiWeights.PublishedScale;
        var weights = new FlexiWeights(
            inputs.GetValueOrDefault("alpha"), inputs.GetValueOrDefault("beta"), inputs.GetValueOrDefault("gamma"), scale);
        var topology = FlexiTopology.Of(CaseMeshes.Integers(golden, "in/cubes"), CaseMeshes.Floats(golden, "in/sdf"));
        var training = golden.Args.TryGetProperty("training", out var asked) && asked.GetBoolean();
        var surface = FlexiCubes.Extract(topology, inputs["sdf"], inputs["x"], weights, training);

        if (SurfaceMatch.Of(golden, surface.Vertices, Ranks(topology, (int)surface.Vertices.shape[0])) is not { } match)
        {
            return;
        }

        match.CompareFaces([.. AssertTensor.Values(surface.Faces).Select(vertex => (int)vertex)]);
        CompareDeviations(golden, surface.Deviations);
        if (!golden.Has("in/lin"))
        {
            return;
        }

        var loss = (surface.Vertices * match.ToOurs(golden.Double("in/lin"))).sum();
        if (golden.Args.TryGetProperty("l_dev_weight", out var weight))
        {
            loss = loss + surface.Deviations.mean() * weight.GetDouble();
        }

        loss.backward();
        foreach (var (name, input) in inputs)
        {
            golden.CompareGradient($"out/grad_{name}", input);
        }
    }

    /// <summary>The original numbers the vertices of cubes with one piece of surface first, then those of cubes with two, and so on.</summary>
    private static int[] Ranks(FlexiTopology topology, int vertices)
    {
        var (cubes, pieces) = (topology.VertexCubes, topology.VertexCubes.CountBy(cube => cube).ToDictionary());
        return SurfaceMatch.Ranks(Enumerable.Range(0, vertices).OrderBy(v => v < cubes.Count ? pieces[cubes[v]] : int.MaxValue));
    }

    /// <summary>Deviations stand in the order of our dual vertices; they are compared by size.</summary>
    private static void CompareDeviations(GoldenCase golden, Tensor deviations)
    {
        var sorted = sort(deviations.detach()).values;
        golden.CompareDouble("out/L_dev_sorted", sorted);
        if (golden.Has("out/L_dev") && golden.Tensor("out/L_dev") is var reference && reference.shape.SequenceEqual(sorted.shape))
        {
            golden.CompareDouble("out/L_dev", zeros_like(sorted).scatter(0, sort(reference).indices, sorted));
        }

        if (golden.Args.TryGetProperty("l_dev_mean", out var mean))
        {
            var off = Math.Abs(sorted.mean().item<double>() - mean.GetDouble());
            golden.Check(off <= golden.Absolute + (golden.Relative * Math.Abs(mean.GetDouble())), $"args.l_dev_mean: off by {off:g3}.");
        }
    }
}
