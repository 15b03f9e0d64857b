using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Serving;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A model in memory: text encoder, autoencoder, diffusion transformer, noise schedule, and its judge if any.</summary>
/// <remarks>Whoever works with it holds a use of it (<see cref="Use"/>); the last one out frees an unloaded model.</remarks>
internal sealed class LoadedModel : IDisposable
{
    private readonly ClipTokenizer _tokenizer;
    private readonly ClipTextModel _textEncoder;
    private readonly AutoencoderKL _autoencoder;
    private readonly Transformer2DModel _transformer;
    private readonly List<IDisposable> _parts = [];
    private readonly Lock _lock = new();
    private int _uses = 1;

    private LoadedModel(string name, ModelFolder folder, Device device)
    {
        (Name, Device) = (name, device);
        try
        {
            _tokenizer = folder.ReadTokenizer();
            _textEncoder = Own(folder.LoadTextEncoder());
            _autoencoder = Own(folder.LoadAutoencoder());
            _transformer = Own(folder.LoadTransformer());
            Schedule = new NoiseSchedule(folder.ReadScheduler());
            CheckParts(folder);
            foreach (var part in _parts.Cast<nn.Module>())
            {
                part.to(device);
            }

            Judge = CandidateJudge.TryLoad(folder, _textEncoder.Config, ViewSize, device);
            if (Judge is not null)
            {
                _parts.Add(Judge);
            }

            Pass = step => _transformer.call(step.Latents, step.Context, step.Timesteps, step.Mask);
            Hash = folder.ComputeHash();
        }
        catch
        {
            _parts.ForEach(part => part.Dispose());
            throw;
        }
    }

    /// <summary>Its folder's name.</summary>
    public string Name { get; }

    /// <summary>SHA-256 over its weight files.</summary>
    public string Hash { get; }

    /// <summary>Where it is.</summary>
    public Device Device { get; }

    /// <summary>The noise schedule and what the network predicts.</summary>
    public NoiseSchedule Schedule { get; }

    /// <summary>The network's forward pass.</summary>
    public DenoisePass Pass { get; }

    /// <summary>Chooses among candidates; null where the folder has no image tower that shares the text encoder's space.</summary>
    public CandidateJudge? Judge { get; }

    /// <summary>Height and width of a view, pixels.</summary>
    public int ViewSize => (int)Latent.Width / SixViewGrid.Columns * _autoencoder.Config.Factor;

    /// <summary>Extents of one item's latent: channels, rows, columns.</summary>
    public (long Channels, long Height, long Width) Latent
    {
        get
        {
            var config = _transformer.Config;
            return (config.InChannels, config.SampleSize.Height, config.SampleSize.Width);
        }
    }

    /// <summary>Extents of a prompt's encoding: tokens and width.</summary>
    public (long Tokens, long Width) Text => (_tokenizer.MaxLength, _textEncoder.Config.HiddenSize);

    /// <summary>Loads a folder.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="path">The folder.</param>
    /// <param name="device">Where to.</param>
    /// <returns>The model, with one use held by the caller.</returns>
    /// <exception cref="MalformedFileException">The folder is broken; the message names file and tensor.</exception>
    public static LoadedModel Load(string name, string path, Device device) => new(name, ModelFolder.Open(path), device);

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

    /// <summary>Encodes prompts, padded to the model's length.</summary>
    /// <param name="prompts">One per item; empty for the unguided condition.</param>
    /// <returns>Hidden states [N, L, E] and mask [N, L]. The caller disposes them.</returns>
    public (Tensor States, Tensor Mask) Encode(params string[] prompts)
    {
        using var scope = NewDisposeScope();
        var tokens = prompts.Select(_tokenizer.EncodePadded).ToArray();
        long[] extents = [prompts.Length, _tokenizer.MaxLength];
        var ids = tensor(tokens.SelectMany(t => t.Ids).ToArray(), extents).to(Device);
        var mask = tensor(tokens.SelectMany(t => t.Mask).Select(m => (float)m).ToArray(), extents).to(Device);
        var states = Rows.Run(
            Device, prompts.Length, (start, length) => _textEncoder.call(ids.narrow(0, start, length), null).LastHiddenState);
        return scope.MoveToOuter(states, mask);
    }

    /// <summary>A prompt's place in the space shared with images: the text encoder's pooled state.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>[1, E]. The caller disposes it.</returns>
    public Tensor EmbedText(string prompt)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var ids = _tokenizer.EncodePadded(prompt).Ids;
        return _textEncoder.call(tensor(ids, [1, ids.Length]).to(Device), null).Pooled.MoveToOuterDisposeScope();
    }

    /// <summary>Decodes grids of latents into their views.</summary>
    /// <param name="grids">Grids, scaled as they are diffused, [K, C, H, W].</param>
    /// <returns>What the network painted: sRGB over mid gray, then alpha, about [-1, 1], [6 K, 4, h, w]. The caller disposes it.</returns>
    public Tensor Decode(Tensor grids)
    {
        using var scope = NewDisposeScope();
        var latents = SixViewGrid.Untile(grids) / _autoencoder.Config.ScalingFactor;
        return Rows.Run(
            Device, (int)latents.shape[0], (start, length) => _autoencoder.Decode(latents.narrow(0, start, length)))
            .MoveToOuterDisposeScope();
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

        _parts.ForEach(part => part.Dispose());
    }

    private T Own<T>(T part) where T : IDisposable
    {
        _parts.Add(part);
        return part;
    }

    // Parts that load one by one may still not belong together.
    private void CheckParts(ModelFolder folder)
    {
        var problem = this switch
        {
            _ when CameraRig.Zero123PlusV12.Count != SixViewGrid.Views => "the rig has another number of views than the grid",
            _ when _textEncoder.Config.HiddenSize != _transformer.Config.CaptionChannels
                => $"the text encoder gives tokens of {_textEncoder.Config.HiddenSize} numbers, "
                    + $"the transformer takes {_transformer.Config.CaptionChannels}",
            _ when _tokenizer.MaxLength > _textEncoder.Config.MaxPositionEmbeddings
                => $"the tokenizer gives {_tokenizer.MaxLength} tokens, "
                    + $"the text encoder takes {_textEncoder.Config.MaxPositionEmbeddings}",
            _ when _tokenizer.VocabularySize > _textEncoder.Config.VocabSize
                => $"the tokenizer has {_tokenizer.VocabularySize} ids, the text encoder {_textEncoder.Config.VocabSize}",
            _ when _autoencoder.Config.LatentChannels != _transformer.Config.InChannels
                => $"the autoencoder's latents have {_autoencoder.Config.LatentChannels} channels, "
                    + $"the transformer's {_transformer.Config.InChannels}",
            _ when _autoencoder.Config.OutChannels != 4
                => $"the autoencoder paints {_autoencoder.Config.OutChannels} channels; colour and alpha are 4",
            _ when Latent.Height % SixViewGrid.Rows != 0 || Latent.Height * SixViewGrid.Columns != Latent.Width * SixViewGrid.Rows
                => $"the transformer's sample_size {Latent.Height} x {Latent.Width} is not a grid of square views",
            _ => null,
        };
        if (problem is not null)
        {
            throw new MalformedFileException(folder.FullPath, problem + ".");
        }
    }

    private sealed class ModelUse(LoadedModel model) : IDisposable
    {
        private LoadedModel? _model = model;

        public void Dispose() => Interlocked.Exchange(ref _model, null)?.Dispose();
    }
}
