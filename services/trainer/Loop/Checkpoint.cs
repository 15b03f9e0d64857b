using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>State of a run in a folder: weights, their running mean, the optimizer's moments, steps and time.</summary>
/// <remarks>
/// Written under another name and moved into place; the one before stays until then, so that a run killed at any moment
/// can be resumed. Random numbers need no state: they are keyed by the step.
/// </remarks>
/// <param name="folder">The run's folder.</param>
internal sealed class Checkpoint(string folder)
{
    private const string StateFile = "state.json";

    private readonly string _current = Path.Combine(folder, "checkpoint");
    private readonly string _previous = Path.Combine(folder, "checkpoint.old");
    private readonly string _coming = Path.Combine(folder, "checkpoint.new");

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="averaged">The running mean.</param>
    /// <param name="optimizer">Its moments.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="elapsed">Time spent.</param>
    public void Save(nn.Module network, nn.Module averaged, AdamW optimizer, int step, TimeSpan elapsed)
    {
        Remove(_coming);
        Directory.CreateDirectory(_coming);
        Weights.Save(network, Path.Combine(_coming, "weights", "model.safetensors"), ElementKind.F32);
        Weights.Save(averaged, Path.Combine(_coming, "averaged", "model.safetensors"), ElementKind.F32);
        ConfigFile.Write(Path.Combine(_coming, StateFile), new RunState(step, elapsed.TotalSeconds));
        optimizer.save_state_dict(Path.Combine(_coming, "optimizer.bin"));

        Remove(_previous);
        if (Directory.Exists(_current))
        {
            Directory.Move(_current, _previous);
        }

        Directory.Move(_coming, _current);
        Remove(_previous);
    }

    /// <summary>Reads the newest checkpoint.</summary>
    /// <param name="network">Receives the weights.</param>
    /// <param name="averaged">Receives the running mean.</param>
    /// <param name="optimizer">Receives the moments.</param>
    /// <returns>Steps done and time spent, or null where there is no checkpoint.</returns>
    public (int Step, TimeSpan Elapsed)? TryLoad(nn.Module network, nn.Module averaged, AdamW optimizer)
    {
        var from = new[] { _current, _previous }.FirstOrDefault(Directory.Exists);
        if (from is null)
        {
            return null;
        }

        Weights.Load(network, Path.Combine(from, "weights"));
        Weights.Load(averaged, Path.Combine(from, "averaged"));
        optimizer.load_state_dict(Path.Combine(from, "optimizer.bin"));
        var state = ConfigFile.Read<RunState>(Path.Combine(from, StateFile));
        return (state.Step, TimeSpan.FromSeconds(state.Seconds));
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Where a run stands.</summary>
    private sealed record RunState(int Step, double Seconds) : IComponentConfig
    {
        public string? Problem() => Step < 0 || !(Seconds >= 0) ? "step and seconds must not be negative." : null;
    }
}
