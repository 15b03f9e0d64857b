using Realiz3D.Mesh.Contracts;
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
internal sealed class NoisePredictor(ModelCatalog catalog, StepBatcher batcher)
{
    private const int MaxItems = 64;
    private const float MaxGuidanceScale = 200;

    /// <summary>Encodes a prompt.</summary>
    /// <param name="request">The prompt.</param>
    /// <returns>Hidden states and mask.</returns>
    public EncodeTextResponse Encode(EncodeTextRequest request)
    {
        CheckPrompt(request.Prompt);
        var (model, use) = catalog.Take(request.Model);
        using var holds = use;
        using var scope = NewDisposeScope();
        var (states, mask) = model.Encode(request.Prompt);
        return new EncodeTextResponse
        {
            // Padding is answered as zeros, so that hidden states say by themselves which rows count.
            HiddenStates = Pack((states * mask.unsqueeze(-1)).squeeze(0)),
            AttentionMask = WireTensors.Pack(mask.squeeze(0).to(ScalarType.Int64)),
            ModelHash = model.Hash,
        };
    }

    /// <summary>Predicts the noise in latents.</summary>
    /// <param name="request">Latents, timesteps, condition.</param>
    /// <param name="cancel">Takes the step out.</param>
    /// <returns>The noise.</returns>
    public async Task<PredictNoiseResponse> PredictAsync(PredictNoiseRequest request, CancellationToken cancel)
    {
        // 1.
        var (model, use) = catalog.Take(request.Model);
        using var holds = use;
        if (request.ModelHash.Length > 0 && request.ModelHash != model.Hash)
        {
            throw new ModelHashException(
                $"model_hash is {request.ModelHash}, the loaded {model.Name} has {model.Hash}; encode with its autoencoder.");
        }

        using var latents = WireTensors.ReadFloats(request.Latents, "latents", model.Device);
        var items = CheckShape(request, model);
        var timesteps = Timesteps(request, items, model.Schedule.Config.NumTrainTimesteps);

        // 2.
        var guided = request.GuidanceScale != 1 || request.IncludeParts;
        var (context, mask) = Condition(request, model, items, guided);
        using var ownedContext = context;
        using var ownedMask = mask;
        using var all = (guided ? cat([latents, latents], 0) : latents.alias()).DetachFromDisposeScope();
        int[] times = guided ? [.. timesteps, .. timesteps] : timesteps;

        // 3.
        using var output = await batcher
            .RunAsync(new StepRequest(model.Pass, all, [.. times.Select(t => (double)t)], context, mask), cancel)
            .ConfigureAwait(false);

        // 4.
        return Answer(request, model, output, all, times);
    }

    private static PredictNoiseResponse Answer(
        PredictNoiseRequest request, LoadedModel model, Tensor output, Tensor latents, int[] timesteps)
    {
        using var scope = NewDisposeScope();
        var noise = model.Schedule.ToEpsilon(output, latents, timesteps);
        var items = request.Latents.Shape[0];
        var conditioned = noise.narrow(0, 0, items);
        var response = new PredictNoiseResponse { ModelHash = model.Hash };
        if (noise.shape[0] == items)
        {
            response.Noise = Pack(conditioned);
            return response;
        }

        var unconditioned = noise.narrow(0, items, items);
        response.Noise = Pack(Guidance.Apply(unconditioned, conditioned, request.GuidanceScale));
        if (request.IncludeParts)
        {
            response.ConditionedNoise = Pack(conditioned);
            response.UnconditionedNoise = Pack(unconditioned);
        }

        return response;
    }

    /// <summary>Text rows for all items, and for the unguided half behind them; both [N or 2N, ...].</summary>
    private static (Tensor Context, Tensor Mask) Condition(
        PredictNoiseRequest request, LoadedModel model, int items, bool guided)
    {
        using var scope = NewDisposeScope();
        var (states, mask) = request.ConditionCase switch
        {
            PredictNoiseRequest.ConditionOneofCase.Prompt => model.Encode(request.Prompt),
            PredictNoiseRequest.ConditionOneofCase.HiddenStates => Given(request, model),
            _ => throw new InvalidDataException("One of prompt and hidden_states must be set."),
        };
        var (none, noneMask) = model.Encode("");
        var (text, width) = (states.shape[1], states.shape[2]);
        states = states.expand(items, text, width);
        mask = mask.expand(items, text);
        if (guided)
        {
            states = cat([states, none.expand(items, text, width)], 0);
            mask = cat([mask, noneMask.expand(items, text)], 0);
        }

        return (states.DetachFromDisposeScope(), mask.DetachFromDisposeScope());
    }

    private static (Tensor States, Tensor Mask) Given(PredictNoiseRequest request, LoadedModel model)
    {
        InlineTensors.CheckFloats(request.HiddenStates, "hidden_states");
        var (tokens, width) = model.Text;
        if (!request.HiddenStates.Shape.SequenceEqual([tokens, width]))
        {
            throw new InvalidDataException(
                $"hidden_states must be [{tokens}, {width}], is [{string.Join(", ", request.HiddenStates.Shape)}].");
        }

        using var given = WireTensors.ReadFloats(request.HiddenStates, "hidden_states", model.Device);
        var states = given.unsqueeze(0);
        return (states, states.abs().amax([2]).gt(0).to(ScalarType.Float32));
    }

    private static int CheckShape(PredictNoiseRequest request, LoadedModel model)
    {
        CheckPrompt(request.Prompt);
        if (request.GuidanceScale is not (>= 0 and <= MaxGuidanceScale))
        {
            throw new InvalidDataException($"guidance_scale must be 0 to {MaxGuidanceScale}.");
        }

        if (request.Domain != Domain.Synthetic)
        {
            throw new InvalidDataException("domain must be DOMAIN_SYNTHETIC.");
        }

        var (channels, height, width) = model.Latent;
        var shape = request.Latents.Shape;
        return shape.Count == 4 && shape[0] is >= 1 and <= MaxItems && shape.Skip(1).SequenceEqual([channels, height, width])
            ? (int)shape[0]
            : throw new InvalidDataException(
                $"latents must be [1 to {MaxItems}, {channels}, {height}, {width}], is [{string.Join(", ", shape)}].");
    }

    private static int[] Timesteps(PredictNoiseRequest request, int items, int count)
    {
        var given = request.Timesteps;
        if ((given.Count != items && given.Count != 1) || given.Any(t => t < 0 || t >= count))
        {
            throw new InvalidDataException($"timesteps must be one per item or one for all, each 0 to {count - 1}.");
        }

        return given.Count == items ? [.. given] : [.. Enumerable.Repeat(given[0], items)];
    }

    private static void CheckPrompt(string prompt)
    {
        if (prompt.Length > PaintRequest.MaxPromptLength)
        {
            throw new InvalidDataException($"prompt must have at most {PaintRequest.MaxPromptLength} characters.");
        }
    }

    private static Contracts.Tensors.V1.InlineTensor Pack(Tensor values) =>
        WireTensors.Pack(values.to(ScalarType.Float32));
}
