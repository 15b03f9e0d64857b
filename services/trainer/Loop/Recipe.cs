namespace Realiz3D.Mesh.Training;

/// <summary>How a network is trained, whatever it is.</summary>
/// <param name="Folder">Receives checkpoint, curve, sheets and the result.</param>
/// <param name="Minutes">Planned minutes of training, resumed time included. Used when <paramref name="Steps"/> is 0.</param>
/// <param name="Steps">Planned steps; 0 plans by minutes.</param>
/// <param name="BatchSize">Items of a step, over all workers.</param>
/// <param name="Seed">Key of every random number.</param>
/// <param name="PeakRate">Highest learning rate.</param>
internal sealed record Recipe(
    string Folder, double Minutes, int Steps, int BatchSize, ulong Seed, double PeakRate)
{
    /// <summary>Second moment's memory of AdamW.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Weight decay of AdamW.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Largest norm of a step's gradient.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Steps over which the rate rises.</summary>
    public int WarmUpSteps { get; init; } = 100;

    /// <summary>Memory of the running mean of the weights.</summary>
    public double EmaDecay { get; init; } = 0.995;

    /// <summary>Threads, each with its own copy of the network and its share of the batch.</summary>
    public int Workers { get; init; } = Math.Min(2, Environment.ProcessorCount);

    /// <summary>Time between checkpoints.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time between sample sheets.</summary>
    public TimeSpan SheetEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Items of a worker's share.</summary>
    public int ItemsPerWorker => BatchSize / Workers;

    /// <summary>Share of the run that is done.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="elapsed">Time spent.</param>
    /// <returns>0 at the start, 1 or more at the end.</returns>
    public double Progress(long step, TimeSpan elapsed) =>
        Steps > 0 ? (double)step / Steps : elapsed.TotalMinutes / Minutes;
}
