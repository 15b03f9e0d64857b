using System.CommandLine;

namespace Realiz3D.Mesh.Training;

/// <summary>The commands and their options.</summary>
internal static class Commands
{
    private const string Root = "artifacts/train";

    private static readonly Option<string> DataFolder = new("--data")
    {
        Description = "Folder with the training data.", DefaultValueFactory = _ => $"{Root}/data",
    };

    private static readonly Option<int> Workers = new("--workers")
    {
        Description = "Threads, each with its own copy of the network.",
        DefaultValueFactory = _ => Math.Min(2, Environment.ProcessorCount),
    };

    private static readonly Option<ulong> Seed = new("--seed") { Description = "Key of every random number." };

    /// <summary><c>data</c>: renders objects.</summary>
    public static Command Data()
    {
        var objects = new Option<int>("--objects") { Description = "Objects.", DefaultValueFactory = _ => 10_000 };
        var command = new Command("data", "Renders six views of each object, with captions, into shards.")
        {
            DataFolder, objects, Seed, Workers,
        };
        command.SetAction((parsed, cancel) => Task.Run(
            () =>
            {
                var folder = parsed.GetValue(DataFolder)!;
                DataRendering.Run(
                    new DataRecipe(folder, parsed.GetValue(objects), parsed.GetValue(Seed), parsed.GetValue(Workers)),
                    cancel);
                using var data = ObjectSet.Load(folder);
                DataSheet.Write(data, 32, Path.Combine(folder, "sheet.png"));
            },
            CancellationToken.None));
        return command;
    }

    /// <summary><c>text</c>: trains text encoder and image tower.</summary>
    public static Command Text() => Training(
        "text", "Trains the text encoder with a matching image tower.",
        new Recipe($"{Root}/text", Minutes: 4, Steps: 0, BatchSize: 192, Seed: 1, PeakRate: 1e-3) { WeightDecay = 0.05 },
        (recipe, data, _, cancel) => new TextTraining(recipe, data).Run(cancel));

    /// <summary><c>vae</c>: trains the autoencoder.</summary>
    public static Command Autoencoder()
    {
        var start = new Option<string>("--start")
        {
            Description = "Folder with weights to start from.", DefaultValueFactory = _ => "",
        };
        return Training(
            "vae", "Trains the autoencoder of views with alpha.",
            new Recipe($"{Root}/vae", Minutes: 12, Steps: 0, BatchSize: 16, Seed: 2, PeakRate: 2e-3),
            (recipe, data, parsed, cancel) => new AutoencoderTraining(recipe, data, parsed.GetValue(start)!).Run(cancel),
            start);
    }

    /// <summary><c>base</c>: trains the diffusion transformer.</summary>
    public static Command Base()
    {
        var text = new Option<string>("--text") { Description = "Folder of the text run.", DefaultValueFactory = _ => $"{Root}/text" };
        var vae = new Option<string>("--vae") { Description = "Folder of the autoencoder run.", DefaultValueFactory = _ => $"{Root}/vae" };
        return Training(
            "base", "Trains the diffusion transformer on six-view grids.",
            new Recipe($"{Root}/base", Minutes: 60, Steps: 0, BatchSize: 32, Seed: 3, PeakRate: 2e-3),
            (recipe, data, parsed, cancel) =>
            {
                using var training = new BaseTraining(recipe, data, parsed.GetValue(text)!, parsed.GetValue(vae)!);
                training.Run(cancel);
            },
            text,
            vae);
    }

    /// <summary><c>classifier</c>: trains the benchmark's classifier.</summary>
    public static Command Classifier()
    {
        var into = new Option<string>("--export")
        {
            Description = "Receives the classifier's weights.", DefaultValueFactory = _ => "tests/Benchmarks/classifier",
        };
        return Training(
            "classifier", "Trains the benchmark's classifier of categories.",
            new Recipe($"{Root}/classifier", Minutes: 4, Steps: 0, BatchSize: 64, Seed: 4, PeakRate: 2e-3) { Beta2 = 0.99 },
            (recipe, data, parsed, cancel) => new ClassifierTraining(recipe, data, parsed.GetValue(into)!).Run(cancel),
            into);
    }

    /// <summary><c>export</c>: puts the trained parts together as a model folder.</summary>
    public static Command Export()
    {
        var from = new Option<string>("--from") { Description = "Folder with the runs.", DefaultValueFactory = _ => Root };
        var into = new Option<string>("--out")
        {
            Description = "The model folder.", DefaultValueFactory = _ => "services/denoiser/models/realiz3d-mini",
        };
        var command = new Command("export", "Writes the model folder in half precision.") { from, into };
        command.SetAction(parsed => ModelExport.Write(parsed.GetValue(from)!, parsed.GetValue(into)!));
        return command;
    }

    private static Command Training(
        string name,
        string description,
        Recipe usual,
        Action<Recipe, ObjectSet, ParseResult, CancellationToken> train,
        params Option[] more)
    {
        var folder = new Option<string>("--out") { Description = "Folder of the run.", DefaultValueFactory = _ => usual.Folder };
        var minutes = new Option<double>("--minutes") { Description = "Planned minutes.", DefaultValueFactory = _ => usual.Minutes };
        var steps = new Option<int>("--steps") { Description = "Planned steps; 0 plans by minutes." };
        var batch = new Option<int>("--batch") { Description = "Items per step.", DefaultValueFactory = _ => usual.BatchSize };
        var rate = new Option<double>("--rate") { Description = "Highest learning rate.", DefaultValueFactory = _ => usual.PeakRate };
        var seed = new Option<ulong>("--seed") { Description = "Key of every random number.", DefaultValueFactory = _ => usual.Seed };
        var command = new Command(name, description) { DataFolder, folder, minutes, steps, batch, rate, seed, Workers };
        foreach (var option in more)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancel) => Task.Run(
            () =>
            {
                using var data = ObjectSet.Load(parsed.GetValue(DataFolder)!);
                var recipe = usual with
                {
                    Folder = parsed.GetValue(folder)!,
                    Minutes = parsed.GetValue(minutes),
                    Steps = parsed.GetValue(steps),
                    BatchSize = parsed.GetValue(batch),
                    PeakRate = parsed.GetValue(rate),
                    Seed = parsed.GetValue(seed),
                    Workers = parsed.GetValue(Workers),
                };
                train(recipe, data, parsed, cancel);
            },
            CancellationToken.None));
        return command;
    }
}
