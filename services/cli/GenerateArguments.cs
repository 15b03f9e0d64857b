using System.Globalization;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>What the user asked for, already checked.</summary>
/// <param name="Spec">The job.</param>
/// <param name="Out">Path of the GLB; the sheet and the report lie beside it.</param>
/// <param name="Gateway">Address of the mesh.</param>
internal sealed record GenerateArguments(JobSpec Spec, string Out, Uri Gateway)
{
    /// <summary>Environment variable with the gateway's address.</summary>
    public const string GatewayVariable = "REALIZ3D_GATEWAY";

    public const string Usage = """
        usage: generate "PROMPT" [options]
               generate --scene CATEGORY [options]
               check ...   the same arguments, only checked

          --seed N          key of every random number, 0 to 18446744073709551615 (default 0)
          --out FILE.glb    the asset; sheet (.png) and report (.json) are written beside it (default asset.glb)
          --steps N         sampler steps, 1 to 200 (default: the model's)
          --guidance G      weight of the prompt, 0 to 50, 1 is none (default: the model's)
          --model NAME      the model (default: the denoiser's)
          --scene CATEGORY  exact renders of a procedural object, such as vase, in place of painted views
          --gateway URL     address of the mesh (default: REALIZ3D_GATEWAY)
        """;

    private const int MaxPromptLength = 2000;
    private const int MaxStepCount = 200;
    private const int MaxGuidance = 50;

    /// <summary>Reads arguments.</summary>
    /// <param name="arguments">Those behind the command.</param>
    /// <param name="environment">Reads environment variables.</param>
    /// <exception cref="UsageException">One of them cannot be used.</exception>
    public static GenerateArguments Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var spec = new JobSpec();
        var path = "asset.glb";
        var gateway = environment(GatewayVariable);
        string? prompt = null;
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            switch (name)
            {
                case "--seed": spec.Seed = Seed(Value()); break;
                case "--out": path = Value(); break;
                case "--steps": spec.StepCount = Steps(Value()); break;
                case "--guidance": spec.GuidanceScale = Guidance(Value()); break;
                case "--model": spec.Model = Value(); break;
                case "--scene": spec.Scene = Value(); break;
                case "--gateway": gateway = Value(); break;
                case var _ when name.StartsWith("--", StringComparison.Ordinal):
                    throw new UsageException($"{name} is no option of generate; see --help.");
                case var _ when prompt is not null:
                    throw new UsageException("There is more than one prompt; put the whole prompt in quotes.");
                default: prompt = name; break;
            }

            string Value() => ++i < arguments.Count ? arguments[i] : throw new UsageException($"{name} needs a value.");
        }

        if (spec.SourceCase == JobSpec.SourceOneofCase.Scene)
        {
            Require(prompt is null, "A prompt and --scene exclude each other.");
            Require(!string.IsNullOrWhiteSpace(spec.Scene), "--scene needs a category, such as vase.");
        }
        else
        {
            spec.Prompt = Prompt(prompt);
        }

        return new GenerateArguments(spec, path, Address(gateway));
    }

    private static string Prompt(string? text)
    {
        Require(
            !string.IsNullOrWhiteSpace(text),
            "The prompt is empty; say what to make, such as \"a glossy red ceramic vase\".");
        Require(
            text!.Length <= MaxPromptLength,
            $"The prompt has {text.Length} characters; at most {MaxPromptLength} are allowed.");
        return text;
    }

    private static ulong Seed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : throw new UsageException($"--seed is '{text}'; it must be a whole number from 0 to {ulong.MaxValue}.");

    private static int Steps(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var steps)
        && steps is >= 1 and <= MaxStepCount
            ? steps
            : throw new UsageException($"--steps is '{text}'; it must be a whole number from 1 to {MaxStepCount}.");

    private static float Guidance(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var guidance)
        && guidance is >= 0 and <= MaxGuidance // NaN fails too
            ? guidance
            : throw new UsageException($"--guidance is '{text}'; it must be a number from 0 to {MaxGuidance}.");

    private static Uri Address(string? text)
    {
        Require(
            !string.IsNullOrEmpty(text),
            $"No mesh is named; start one with `./mesh up`, or give --gateway URL or {GatewayVariable}.");
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new UsageException($"The gateway '{text}' is no http or https address.");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new UsageException(otherwise);
        }
    }
}
