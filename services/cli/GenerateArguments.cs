using System.Globalization;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>What the user asked for, already checked.</summary>
/// <param name="Spec">The job.</param>
/// <param name="Out">Path of the GLB; the sheet and the report lie beside it.</param>
/// <param name="Gateway">Address of the mesh.</param>
internal sealed record GenerateArguments(JobSpec Spec, string Out, Uri Gateway)
{
    public const string Usage = """
        usage: generate "PROMPT" [options]
               generate --scene CATEGORY [options]

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
        var gateway = environment(MeshConnection.GatewayVariable);
        string? prompt = null;
        var reader = new ArgumentReader(arguments);
        while (reader.Next())
        {
            switch (reader.Current)
            {
                case "--seed": spec.Seed = Seed(reader.Value()); break;
                case "--out": path = reader.Value(); break;
                case "--steps": spec.StepCount = reader.Whole(1, MaxStepCount); break;
                case "--guidance": spec.GuidanceScale = (float)reader.Number(0, MaxGuidance); break;
                case "--model": spec.Model = reader.Value(); break;
                case "--scene": spec.Scene = reader.Value(); break;
                case "--gateway": gateway = reader.Value(); break;
                case var name when reader.IsOption:
                    throw new UsageException($"{name} is no option of generate; see --help.");
                case var _ when prompt is not null:
                    throw new UsageException("There is more than one prompt; put the whole prompt in quotes.");
                default: prompt = reader.Current; break;
            }
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

        return new GenerateArguments(spec, path, MeshConnection.Address(gateway));
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

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new UsageException(otherwise);
        }
    }
}
