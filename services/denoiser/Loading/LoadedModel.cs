using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A model in memory: what every kind has. Text encoder, autoencoder, noise schedule with the folder's own sampler.</summary>
/// <remarks>Whoever works with it holds a use of it (<see cref="Use"/>); the last one out frees an unloaded model.</remarks>
internal abstract class LoadedModel : IDisposable
{
    private static readonly string s_build = string.Join(
        ' ', new[] { typeof(LoadedModel), typeof(UNet2DConditionModel), typeof(Rows) }.Select(type => type.Module.ModuleVersionId));

    private readonly ModelParts _parts;
    private readonly Lock _lock = new();
    private int _uses = 1;

    /// <param name="parts">What it is loaded from; its own from here on.</param>
    /// <param name="textEncoder">Its text encoder.</param>
    /// <param name="autoencoder">Its autoencoder.</param>
    protected LoadedModel(ModelParts parts, ClipTextModel textEncoder, AutoencoderKL autoencoder)
    {
        (_parts, TextEncoder, Autoencoder) = (parts, textEncoder, autoencoder);
        Tokenizer = parts.Folder.ReadTokenizer();
        Schedule = new NoiseSchedule(parts.Folder.ReadScheduler());
        Refuse(CommonProblem());
    }

    /// <summary>What it does.</summary>
    public abstract ModelKind Kind { get; }

    /// <summary>The network that words alone condition; null where a picture has to be shown too.</summary>
    public virtual DenoiseNetwork? Network => null;

    /// <summary>The ControlNets that speak to its network; null where none does.</summary>
    public virtual ControlNets? Controls => null;

    /// <summary>Its folder's name.</summary>
    public string Name => _parts.Name;

    /// <summary>SHA-256 over its weight files.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>SHA-256 over its configurations and tokenizer files.</summary>
    public string Settings { get; private set; } = "";

    /// <summary>
    /// What the bytes that it computes depend on beside a request: weights, settings, this build, kind of device, element type, and on
    /// the CPU the threads among which a step is parted.
    /// </summary>
    public string Identity =>
        $"{Hash} {Settings} {s_build} {Device.type} {TextType} {(Device.type == DeviceType.CPU ? Environment.ProcessorCount : 1)}";

    /// <summary>Where it is.</summary>
    public Device Device => _parts.Device;

    /// <summary>The noise schedule, what the network predicts, and which sampler the folder names.</summary>
    public NoiseSchedule Schedule { get; }

    /// <summary>What was ignored in the folder, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Extents of a prompt's encoding: tokens and width.</summary>
    public (long Tokens, long Width) Text => (Tokenizer.MaxLength, TextEncoder.Config.HiddenSize);

    /// <summary>Bytes of a prompt's hidden states.</summary>
    public long TextBytes => Text.Tokens * Text.Width * TextType.ElementSize();

    /// <summary>The text encoder as one that can wear adapters; null where the model wears none.</summary>
    protected virtual AdaptedNetwork? AdaptedText => null;

    /// <summary>Its tokenizer.</summary>
    protected ClipTokenizer Tokenizer { get; }

    /// <summary>Its text encoder.</summary>
    protected ClipTextModel TextEncoder { get; }

    /// <summary>Its autoencoder.</summary>
    protected AutoencoderKL Autoencoder { get; }

    /// <summary>Loads a folder.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="path">The folder.</param>
    /// <param name="device">Where to.</param>
    /// <returns>The model, with one use held by the caller.</returns>
    /// <exception cref="MalformedFileException">The folder is broken; the message names file and tensor.</exception>
    public static LoadedModel Load(string name, string path, Device device)
    {
        var folder = ModelFolder.Open(path);
        var parts = new ModelParts(name, folder, device);
        try
        {
            LoadedModel model = ModelKinds.Of(folder) switch
            {
                ModelKind.TextToImage => new TextToImageModel(parts),
                ModelKind.ImageToViews => new ImageToViewsModel(parts),
                _ => new ViewPainter(parts),
            };
            model.CheckSampler();
            (model.Hash, model.Settings) = (folder.ComputeHash(), folder.ComputeSettingsHash());
            model.Prepare(folder);
            model.Warnings = [.. ModelKinds.Unused(folder), .. folder.Warnings];
            ServingTelemetry.ModelsLoaded(1);
            return model;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>The folder's own sampler.</summary>
    /// <param name="steps">Number of steps.</param>
    /// <returns>The sampler.</returns>
    /// <exception cref="InvalidDataException">The sampler cannot take that number of steps.</exception>
    public IScheduler Sampler(int steps)
    {
        try
        {
            return Schedulers.Create(Schedule, new SamplingOptions(steps));
        }
        catch (ArgumentException impossible)
        {
            throw new InvalidDataException($"step_count {steps} cannot be sampled: {impossible.Message}", impossible);
        }
    }

    /// <summary>Runs one step of noughts: what is allocated and chosen at a network's first pass is over before a caller waits for it.</summary>
    /// <param name="batcher">Runs it.</param>
    public async Task WarmUpAsync(StepBatcher batcher)
    {
        var (pass, shapes) = FirstStep();
        using var latents = Noughts(shapes[0]);
        using var context = Noughts([1, Text.Tokens, Text.Width]);
        using var mask = Noughts([1, Text.Tokens]);
        var more = shapes.Skip(1).Select(Noughts).ToArray();
        try
        {
            (await batcher.RunAsync(new StepRequest(pass, latents, [0], context, mask, more), default).ConfigureAwait(false)).Dispose();
        }
        finally
        {
            Array.ForEach(more, shown => shown.Dispose());
        }
    }

    /// <summary>Holds the model in memory until the result is disposed.</summary>
    /// <returns>The use, or null when the model is gone already.</returns>
    public IDisposable? Use()
    {
        lock (_lock)
        {
            if (_uses == 0)
            {
                return null;
            }

            _uses++;
            return new ModelUse(this);
        }
    }

    /// <summary>Encodes prompts, padded to the model's length, each in a pass of its own.</summary>
    /// <param name="prompts">One per item; empty for the unguided condition.</param>
    /// <returns>Hidden states [N, L, E], and [N, L], 1 for tokens that the network looks at. The caller disposes them.</returns>
    public (Tensor States, Tensor Mask) Encode(params string[] prompts) => Encode(AdapterSet.None, prompts);

    /// <summary>Encodes prompts with adapters worn.</summary>
    /// <param name="adapters">The adapters.</param>
    /// <param name="prompts">One per item; empty for the unguided condition.</param>
    /// <returns>Hidden states [N, L, E], and [N, L], 1 for tokens that the network looks at. The caller disposes them.</returns>
    public (Tensor States, Tensor Mask) Encode(AdapterSet adapters, IReadOnlyList<string> prompts)
    {
        using var turn = AdaptedText?.Wear(adapters);
        using var scope = NewDisposeScope();
        var ids = tensor(prompts.SelectMany(prompt => Tokenizer.EncodePadded(prompt).Ids).ToArray(), [prompts.Count, Tokenizer.MaxLength]).to(Device);
        var states = Rows.RunEach(Device, prompts.Count, row => TextEncoder.call(ids.narrow(0, row, 1), null).LastHiddenState);
        return scope.MoveToOuter(states, MaskOf(prompts));
    }

    /// <summary>Which tokens of prompts the network looks at.</summary>
    /// <param name="prompts">One per item.</param>
    /// <returns>[N, L], 1 for those. The caller disposes it.</returns>
    public Tensor MaskOf(IReadOnlyList<string> prompts)
    {
        using var scope = NewDisposeScope();
        long[] extents = [prompts.Count, Tokenizer.MaxLength];
        var mask = Network is { LooksAtPadding: false }
            ? tensor(prompts.SelectMany(prompt => Tokenizer.EncodePadded(prompt).Mask).Select(m => (float)m).ToArray(), extents).to(Device)
            : ones(extents, ScalarType.Float32, Device);
        return mask.MoveToOuterDisposeScope();
    }

    /// <summary>A prompt's hidden states as they were kept.</summary>
    /// <param name="bytes">As many as <see cref="TextBytes"/>.</param>
    /// <returns>[1, L, E]. The caller disposes it.</returns>
    public Tensor TextOf(byte[] bytes)
    {
        using var scope = NewDisposeScope();
        var states = empty([1, Text.Tokens, Text.Width], TextType);
        bytes.CopyTo(states.bytes);
        return states.to(Device).MoveToOuterDisposeScope();
    }

    /// <summary>Gives up the loader's use.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (--_uses > 0)
            {
                return;
            }
        }

        _parts.Dispose();
        ServingTelemetry.ModelsLoaded(-1);
    }

    /// <summary>What a step of one item looks like.</summary>
    /// <returns>The pass, and the shapes of the latents and of what else the network is shown.</returns>
    protected virtual (DenoisePass Pass, IReadOnlyList<long[]> Shapes) FirstStep()
    {
        var network = Network!;
        long[] latents = [1, network.InChannels, network.SampleSize.Height, network.SampleSize.Width];
        return (network.Pass, network.GuidanceWidth is { } width ? [latents, [1, width]] : [latents]);
    }

    /// <summary>Makes what follows from the weights.</summary>
    /// <param name="folder">The folder.</param>
    protected virtual void Prepare(ModelFolder folder)
    {
    }

    /// <summary>Refuses a folder whose parts load one by one and still do not belong together.</summary>
    /// <param name="problem">What is wrong; null when nothing is.</param>
    protected void Refuse(string? problem)
    {
        if (problem is not null)
        {
            throw new MalformedFileException(_parts.Folder.FullPath, problem + ".");
        }
    }

    private ScalarType TextType => TextEncoder.parameters().First().dtype;

    private Tensor Noughts(long[] shape) => zeros(shape, device: Device).DetachFromDisposeScope();

    private string? CommonProblem() => this switch
    {
        _ when Tokenizer.MaxLength > TextEncoder.Config.MaxPositionEmbeddings
            => $"the tokenizer gives {Tokenizer.MaxLength} tokens, the text encoder takes {TextEncoder.Config.MaxPositionEmbeddings}",
        _ when Tokenizer.VocabularySize > TextEncoder.Config.VocabSize
            => $"the tokenizer has {Tokenizer.VocabularySize} ids, the text encoder {TextEncoder.Config.VocabSize}",
        _ => null,
    };

    private void CheckSampler()
    {
        try
        {
            Schedulers.Create(Schedule, new SamplingOptions(ModelKinds.Defaults(Kind).StepCount));
        }
        catch (ArgumentException impossible)
        {
            throw new MalformedFileException(
                Path.Combine(_parts.Folder.FullPath, "scheduler", "scheduler_config.json"), impossible.Message, impossible);
        }
    }

    private sealed class ModelUse(LoadedModel model) : IDisposable
    {
        private LoadedModel? _model = model;

        public void Dispose() => Interlocked.Exchange(ref _model, null)?.Dispose();
    }
}
