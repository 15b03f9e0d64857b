namespace Realiz3D.Mesh.CommandLine;

/// <summary>A command that takes a file from this machine, lets the mesh work on it, and writes files.</summary>
internal abstract class FileCommand
{
    /// <summary>What it is called.</summary>
    public abstract string Name { get; }

    /// <summary>What <c>--help</c> shows.</summary>
    public abstract string Usage { get; }

    /// <summary>The file to work on.</summary>
    public string Input { get; private set; } = "";

    /// <summary>The file to write; empty where there is none.</summary>
    public string Out { get; private set; } = "";

    /// <summary>Address of the mesh.</summary>
    public Uri Gateway { get; private set; } = new("http://127.0.0.1");

    /// <summary>Endings that the file to write may have.</summary>
    protected abstract IReadOnlyList<string> Endings { get; }

    /// <summary>Reads and checks all arguments.</summary>
    /// <exception cref="UsageException">One of them cannot be used.</exception>
    public void Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var gateway = environment(MeshConnection.GatewayVariable);
        var reader = new ArgumentReader(arguments);
        while (reader.Next())
        {
            switch (reader.Current)
            {
                case "--out": Out = reader.Value(); break;
                case "--gateway": gateway = reader.Value(); break;
                case var option when reader.IsOption:
                    if (!Take(option, reader))
                    {
                        throw new UsageException($"{option} is no option of {Name}; see `{Name} --help`.");
                    }

                    break;
                case var extra when Input.Length > 0:
                    throw new UsageException($"{Name} takes one file; '{extra}' is one too many.");
                default: Input = reader.Current; break;
            }
        }

        Gateway = MeshConnection.Address(gateway);
        RequireFile(Input.Length > 0 ? Input : throw new UsageException($"Name the file to work on; see `{Name} --help`."));
        Check();
        if (Out.Length > 0)
        {
            var ending = Path.GetExtension(Out).ToLowerInvariant();
            OutputFiles.RequireWritable(Endings.Contains(ending)
                ? Out
                : throw new UsageException($"--out is '{Out}'; it must end in {string.Join(" or ", Endings)}."));
        }
    }

    /// <summary>Does the work; tells results on the session's output.</summary>
    /// <exception cref="CommandFailedException">It could not be done; the message says why.</exception>
    public abstract Task RunAsync(FileSession session, CancellationToken stop);

    /// <summary>Takes an option of its own.</summary>
    /// <returns>False for one that it does not have.</returns>
    protected abstract bool Take(string option, ArgumentReader reader);

    /// <summary>Checks what the options say together.</summary>
    protected abstract void Check();

    /// <summary>Makes sure that a file can be read.</summary>
    protected static string RequireFile(string path)
    {
        try
        {
            File.OpenRead(path).Dispose();
            return path;
        }
        catch (Exception refused) when (OutputFiles.IsRefusal(refused))
        {
            throw new UsageException($"{path} cannot be read: {(Directory.Exists(path) ? "it is a folder" : OutputFiles.Reason(refused))}.");
        }
    }

    /// <summary>The file to write must be named.</summary>
    protected void RequireOut()
    {
        if (Out.Length == 0)
        {
            throw new UsageException($"--out is missing; name the file to write, ending in {string.Join(" or ", Endings)}.");
        }
    }

    /// <summary>The path of a further result beside the first: "a.glb" and "normals.png" give "a.normals.png".</summary>
    protected string Beside(string ending) => Path.ChangeExtension(Out, ending);
}
