namespace Realiz3D.Mesh.CommandLine;

/// <summary>Chooses the command, and turns every failure into one sentence and an exit code.</summary>
internal static class CommandLineProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Misused = 2;
    private const int Interrupted = 130; // what a shell expects of Ctrl+C

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">The command and its arguments.</param>
    /// <param name="output">Where results are told.</param>
    /// <param name="error">Where progress and failures are told.</param>
    /// <param name="stop">Ctrl+C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string[] arguments,
        TextWriter output,
        TextWriter error,
        CancellationToken stop)
    {
        if (arguments.Length == 0 || arguments.Any(argument => argument is "--help" or "-h") || arguments is ["help"])
        {
            await output.WriteLineAsync(GenerateArguments.Usage);
            return Done;
        }

        try
        {
            if (arguments[0] is not ("generate" or "check"))
            {
                throw new UsageException($"'{arguments[0]}' is no command; there are generate and check.");
            }

            var parsed = GenerateArguments.Parse(arguments[1..], Environment.GetEnvironmentVariable);
            var files = new OutputFiles(parsed.Out);
            files.RequireWritable();
            if (arguments[0] == "generate")
            {
                await new GenerateCommand(parsed, files, output, error).RunAsync(stop);
            }

            return Done;
        }
        catch (UsageException misuse)
        {
            await error.WriteLineAsync($"mesh: {misuse.Message}");
            return Misused;
        }
        catch (CommandFailedException failure)
        {
            await error.WriteLineAsync($"mesh: {failure.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync("mesh: cancelled.");
            return Interrupted;
        }
    }
}
