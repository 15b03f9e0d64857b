namespace Realiz3D.Mesh.CommandLine;

/// <summary>Chooses the command, and turns every failure into one sentence and an exit code.</summary>
internal static class CommandLineProgram
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Misused = 2;
    private const int Interrupted = 130; // what a shell expects of Ctrl+C

    private const string Usage = """
        usage: generate "PROMPT" [options]   one prompt becomes a textured GLB
               process FILE [options]        checks, mends, simplifies, unwraps or converts a mesh
               controls FILE [options]       draws a mesh's normals, depth and more
               bake FILE [options]           bakes textures onto a mesh
               relight FILE [options]        takes pictures of an asset under a light
               check COMMAND ...             only checks the arguments of a command

        COMMAND --help tells its options.
        """;

    private static readonly Func<FileCommand>[] s_fileCommands =
    [
        () => new ProcessCommand(), () => new ControlsCommand(), () => new BakeCommand(), () => new RelightCommand(),
    ];

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
        var isCheck = arguments is ["check", ..];
        var named = isCheck ? arguments[1..] : arguments;
        var command = s_fileCommands.Select(make => make()).FirstOrDefault(known => named is [var name, ..] && name == known.Name);
        if (named is [] or ["help"] || named.Any(argument => argument is "--help" or "-h"))
        {
            await output.WriteLineAsync(command?.Usage ?? (named is ["generate", ..] ? GenerateArguments.Usage : Usage));
            return Done;
        }

        try
        {
            if (command is not null)
            {
                command.Read(named[1..], Environment.GetEnvironmentVariable);
                if (!isCheck)
                {
                    await RunAsync(command, output, error, stop);
                }

                return Done;
            }

            if (named[0] != "generate")
            {
                throw new UsageException($"'{named[0]}' is no command; there are generate, {string.Join(", ", s_fileCommands.Select(make => make().Name))} and check.");
            }

            var parsed = GenerateArguments.Parse(named[1..], Environment.GetEnvironmentVariable);
            var files = new OutputFiles(parsed.Out);
            files.RequireWritable();
            if (!isCheck)
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

    private static async Task RunAsync(FileCommand command, TextWriter output, TextWriter error, CancellationToken stop)
    {
        using var mesh = new MeshConnection(command.Gateway);
        var session = await ProgressDisplay.ShowAsync(error, async show =>
        {
            var session = new FileSession(mesh, show, output, error);
            await command.RunAsync(session, stop);
            return session;
        });
        await session.TellAsync();
    }
}
