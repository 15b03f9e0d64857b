using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>The caller's model is not the one that is loaded here.</summary>
internal sealed class ModelHashException(string message) : Exception(message);

/// <summary>Answers single calls: a prompt's encoding, and the noise in latents.</summary>
/// <remarks>
/// 1. Check the request against the model. 2. Build the condition. 3. One pass, the unguided half in the same request.
/// 4. Whatever the network predicts becomes noise, guided: e = e_u + w (e_c - e_u).
/// </remarks>
internal sealed class NoisePredictor(ModelCatalog catalog, PromptEncoder encoder, StepBatcher batcher)
{
    /// <summary>Encodes a prompt.</summary>
    /// <param name="request">The prompt.</param>
    /// <returns>Hidden states and mask.</returns>
    public async Task<EncodeTextResponse> EncodeAsync(EncodeTextRequest request)
    {
        ScoreRequest.CheckPrompt(request.Prompt, "prompt");
        var (model, use) = catalog.Take(request.Model);
        using var holds = use;
        using var words = await encoder.EncodeAsync(model, request.Prompt).ConfigureAwait(false);
        using var scope = NewDisposeScope();
        return new EncodeTextResponse
        {
            // What does not count is answered as zeros, so that hidden states say by themselves which rows do.
            HiddenStates = Pack((words.States * words.Mask.unsqueeze(-1)).squeeze(0)),
            AttentionMask = WireTensors.Pack(words.Mask.squeeze(0).to(ScalarType.Int64)),
            ModelHash = model.Hash,
        };
    }

    /// <summary>Predicts the noise in latents.</summary>
    /// <param name="wire">Latents, timesteps, condition.</param>
    /// <param name="origin">Whose it is.</param>
    /// <param name="cancel">Takes the step out.</param>
    /// <returns>The noise.</returns>
    public async Task<PredictNoiseResponse> PredictAsync(PredictNoiseRequest wire, StepOrigin origin, CancellationToken cancel)
    {
        // 1.
        var (model, use) = catalog.Take(wire.Model);
        using var holds = use;
        if (wire.ModelHash.Length > 0 && wire.ModelHash != model.Hash)
        {
            throw new ModelHashException(
                $"model_hash is {wire.ModelHash}, the loaded {model.Name} has {model.Hash}; encode with its autoencoder.");
        }

        using var latents = WireTensors.ReadFloats(wire.Latents, "latents", model.Device);
        var request = ScoreRequest.Parse(wire, model);

        // 2.
        using var words = await WordsAsync(request, model).ConfigureAwait(false);
        var (context, mask, more) = Condition(request, words, model);
        using var ownedContext = context;
        using var ownedMask = mask;
        using var ownedMore = more;
        using var all = (request.IsAskedTwice ? cat([latents, latents], 0) : latents.alias()).DetachFromDisposeScope();
        double[] times = request.IsAskedTwice ? [.. request.Timesteps, .. request.Timesteps] : request.Timesteps;

        // 3.
        using var output = await batcher
            .RunAsync(
                new StepRequest(request.Network.Pass, all, times, context, mask, more is null ? null : [more]) { Origin = origin }, cancel)
            .ConfigureAwait(false);

        // 4.
        return Answer(request, model, output, all, times);
    }

    private static PredictNoiseResponse Answer(
        ScoreRequest request, LoadedModel model, Tensor output, Tensor latents, double[] timesteps)
    {
        using var scope = NewDisposeScope();
        var noise = model.Schedule.ToEpsilon(output, latents, timesteps.AsSpan());
        var conditioned = noise.narrow(0, 0, request.Items);
        var response = new PredictNoiseResponse { ModelHash = model.Hash };
        if (!request.IsAskedTwice)
        {
            response.Noise = Pack(conditioned);
            return response;
        }

        var unconditioned = noise.narrow(0, request.Items, request.Items);
        response.Noise = Pack(Guidance.Apply(unconditioned, conditioned, request.GuidanceScales));
        if (request.Wire.IncludeParts)
        {
            response.ConditionedNoise = Pack(conditioned);
            response.UnconditionedNoise = Pack(unconditioned);
        }

        return response;
    }

    /// <summary>The tokens of those conditions that are prompts, the condition's before the unguided one's.</summary>
    private Task<PromptTokens> WordsAsync(ScoreRequest request, LoadedModel model)
    {
        var wire = request.Wire;
        List<string> prompts = wire.ConditionCase == PredictNoiseRequest.ConditionOneofCase.Prompt ? [wire.Prompt] : [];
        if (request.IsAskedTwice && wire.NegativeConditionCase != PredictNoiseRequest.NegativeConditionOneofCase.NegativeHiddenStates)
        {
            prompts.Add(wire.NegativePrompt);
        }

        return encoder.EncodeAsync(model, prompts);
    }

    /// <summary>Text rows for all items, and for the unguided half behind them; both [N or 2N, ...]. What else the network is told.</summary>
    private static (Tensor Context, Tensor Mask, Tensor? More) Condition(ScoreRequest request, PromptTokens words, LoadedModel model)
    {
        using var scope = NewDisposeScope();
        var wire = request.Wire;
        (Tensor States, Tensor Mask) Encoded(long row) => (words.States.narrow(0, row, 1), words.Mask.narrow(0, row, 1));
        var (states, mask) = wire.ConditionCase switch
        {
            PredictNoiseRequest.ConditionOneofCase.Prompt => Encoded(0),
            PredictNoiseRequest.ConditionOneofCase.HiddenStates => Given(wire.HiddenStates, "hidden_states", model),
            _ => throw new InvalidDataException("One of prompt and hidden_states must be set."),
        };
        var (text, width) = (states.shape[1], states.shape[2]);
        states = states.expand(request.Items, text, width);
        mask = mask.expand(request.Items, text);
        if (request.IsAskedTwice)
        {
            var (none, noneMask) = wire.NegativeConditionCase == PredictNoiseRequest.NegativeConditionOneofCase.NegativeHiddenStates
                ? Given(wire.NegativeHiddenStates, "negative_hidden_states", model)
                : Encoded(words.States.shape[0] - 1);
            states = cat([states, none.expand(request.Items, text, width)], 0);
            mask = cat([mask, noneMask.expand(request.Items, text)], 0);
        }

        var more = request.Network.GuidanceWidth is { } waves ? Guidance.Waves([.. request.GuidanceScales.Select(scale => (double)scale)], waves, model.Device) : null;
        return (states.DetachFromDisposeScope(), mask.DetachFromDisposeScope(), more?.DetachFromDisposeScope());
    }

    private static (Tensor States, Tensor Mask) Given(Contracts.Tensors.V1.InlineTensor tensor, string field, LoadedModel model)
    {
        Contracts.InlineTensors.CheckFloats(tensor, field);
        var (tokens, width) = model.Text;
        if (!tensor.Shape.SequenceEqual([tokens, width]))
        {
            throw new InvalidDataException($"{field} must be [{tokens}, {width}], is [{string.Join(", ", tensor.Shape)}].");
        }

        using var given = WireTensors.ReadFloats(tensor, field, model.Device);
        var states = given.unsqueeze(0);
        var counts = model.Network!.LooksAtPadding ? ones_like(states.select(2, 0)) : states.abs().amax([2]).gt(0).to(ScalarType.Float32);
        return (states, counts);
    }

    private static Contracts.Tensors.V1.InlineTensor Pack(Tensor values) =>
        WireTensors.Pack(values.to(ScalarType.Float32));
}
