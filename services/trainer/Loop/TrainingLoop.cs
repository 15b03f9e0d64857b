using System.Diagnostics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Which share of which step a worker computes.</summary>
/// <param name="Step">Step, from 0.</param>
/// <param name="FirstItem">Index of the share's first item in the batch.</param>
/// <param name="Items">Items of the share.</param>
internal readonly record struct Share(int Step, int FirstItem, int Items);

/// <summary>Trains a network: the same loop for all of them.</summary>
/// <remarks>
/// 1. Each worker, on its own thread with its own copy of the network, computes loss and gradient of its share.
/// 2. The gradients are averaged in a fixed order, clipped, and AdamW takes a step.
/// 3. The running mean of the weights follows; the workers' copies are brought up to date.
/// 4. Now and then: a line of progress, a checkpoint, a sheet of samples.
/// Two threads with a network each beat one network whose operations use two threads: most operations are too small to
/// share. All draws are keyed by seed and step, so a resumed run goes on as if it had not stopped.
/// </remarks>
/// <typeparam name="TNetwork">The network.</typeparam>
internal sealed class TrainingLoop<TNetwork>
    where TNetwork : nn.Module
{
    private readonly Recipe _recipe;
    private readonly Func<TNetwork, Share, Tensor> _loss;
    private readonly TNetwork[] _copies;
    private readonly Parameter[][] _parameters;
    private readonly AdamW _optimizer;
    private readonly RunningMean _mean;
    private readonly ProgressLog _log;
    private readonly Checkpoint _checkpoint;
    private readonly Stopwatch _clock = new();
    private TimeSpan _before;

    /// <param name="recipe">How to train.</param>
    /// <param name="build">Builds the network at its start; called once per copy, must give the same weights each time.</param>
    /// <param name="loss">Loss of a share, a scalar with a gradient. Called on several threads at once.</param>
    public TrainingLoop(Recipe recipe, Func<TNetwork> build, Func<TNetwork, Share, Tensor> loss)
    {
        Directory.CreateDirectory(recipe.Folder);
        _recipe = recipe;
        _loss = loss;
        _copies = [.. Enumerable.Range(0, recipe.Workers).Select(_ => build())];
        _parameters = [.. _copies.Select(copy => copy.parameters().ToArray())];
        Averaged = build();
        _mean = new RunningMean(_parameters[0], [.. Averaged.parameters()], recipe.EmaDecay);
        _optimizer = optim.AdamW(
            _parameters[0], recipe.PeakRate, beta1: 0.9, beta2: recipe.Beta2, weight_decay: recipe.WeightDecay);
        _log = new ProgressLog(recipe);
        _checkpoint = new Checkpoint(recipe.Folder);
        if (_checkpoint.TryLoad(_copies[0], Averaged, _optimizer) is { } saved)
        {
            (StepsDone, _before) = saved;
            CopyToWorkers();
            _log.Resume(StepsDone);
        }
    }

    /// <summary>The network with the running mean of the weights: the result.</summary>
    public TNetwork Averaged { get; }

    /// <summary>Steps done so far, those before a resume included.</summary>
    public int StepsDone { get; private set; }

    /// <summary>Time spent so far, that before a resume included.</summary>
    public TimeSpan Elapsed => _before + _clock.Elapsed;

    /// <summary>Trains to the end of the plan or until cancelled, and leaves a checkpoint either way.</summary>
    /// <param name="sheet">Draws samples of the averaged network into a file; null for none.</param>
    /// <param name="cancel">Stops after the current step.</param>
    /// <returns>Whether the plan was carried out.</returns>
    public bool Run(Action<TNetwork, string>? sheet, CancellationToken cancel)
    {
        _clock.Start();
        var (nextSave, nextSheet) = (Elapsed + _recipe.CheckpointEvery, Elapsed + (_recipe.SheetEvery / 2));
        while (_recipe.Progress(StepsDone, Elapsed) is < 1 and var progress && !cancel.IsCancellationRequested)
        {
            Step(progress);
            if (Elapsed >= nextSave)
            {
                _checkpoint.Save(_copies[0], Averaged, _optimizer, StepsDone, Elapsed);
                nextSave = Elapsed + _recipe.CheckpointEvery;
            }

            if (sheet is not null && Elapsed >= nextSheet)
            {
                DrawSheet(sheet);
                nextSheet = Elapsed + _recipe.SheetEvery;
            }
        }

        _checkpoint.Save(_copies[0], Averaged, _optimizer, StepsDone, Elapsed);
        _log.Finish(Elapsed);
        if (sheet is not null)
        {
            DrawSheet(sheet);
        }

        return _recipe.Progress(StepsDone, Elapsed) >= 1;
    }

    private void Step(double progress)
    {
        // 1.
        var losses = new double[_copies.Length];
        var others = Enumerable.Range(1, _copies.Length - 1)
            .Select(worker => Task.Run(() => losses[worker] = ComputeShare(worker)))
            .ToArray();
        losses[0] = ComputeShare(0);
        Task.WaitAll(others);

        // 2.
        var rate = LearningRate.At(_recipe.PeakRate, StepsDone, _recipe.WarmUpSteps, progress);
        foreach (var group in _optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }

        AverageGradients();
        var norm = nn.utils.clip_grad_norm_(_parameters[0], _recipe.ClipNorm);
        var loss = losses.Average();
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new InvalidOperationException($"Loss {loss} with gradient norm {norm} at step {StepsDone}: diverged.");
        }

        _optimizer.step();

        // 3.
        _mean.Follow(StepsDone);
        CopyToWorkers();

        // 4.
        StepsDone++;
        _log.Add(StepsDone, Elapsed, loss, rate);
    }

    private double ComputeShare(int worker)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        _copies[worker].zero_grad();
        var items = _recipe.ItemsPerWorker;
        var loss = _loss(_copies[worker], new Share(StepsDone, worker * items, items));
        loss.backward();
        return loss.ToDouble();
    }

    private void AverageGradients()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        for (var i = 0; i < _parameters[0].Length; i++)
        {
            if (_parameters[0][i].grad is not { } sum)
            {
                continue; // a parameter that the loss does not see
            }

            for (var worker = 1; worker < _parameters.Length; worker++)
            {
                sum.add_(_parameters[worker][i].grad!);
            }

            sum.div_(_parameters.Length);
        }
    }

    private void CopyToWorkers()
    {
        using var _ = no_grad();
        for (var worker = 1; worker < _parameters.Length; worker++)
        {
            for (var i = 0; i < _parameters[0].Length; i++)
            {
                _parameters[worker][i].copy_(_parameters[0][i]).Dispose();
            }
        }
    }

    private void DrawSheet(Action<TNetwork, string> sheet)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        sheet(Averaged, Path.Combine(_recipe.Folder, $"sheet-{StepsDone:D6}.png"));
    }
}
