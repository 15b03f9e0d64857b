namespace Realiz3D.Mesh.CommandLine;

/// <summary>The three files that generate leaves: asset, sheet, report.</summary>
/// <param name="asset">Path of the asset, ending in .glb.</param>
internal sealed class OutputFiles(string asset)
{
    public string Asset { get; } = asset;

    public string Sheet { get; } = Path.ChangeExtension(asset, ".png");

    public string Report { get; } = Path.ChangeExtension(asset, ".json");

    /// <summary>Makes sure, before minutes are spent, that all three can be written.</summary>
    /// <exception cref="UsageException">One cannot.</exception>
    public void RequireWritable()
    {
        if (!Asset.EndsWith(".glb", StringComparison.OrdinalIgnoreCase))
        {
            throw new UsageException($"--out is '{Asset}'; it must end in .glb.");
        }

        RequireWritable(Asset, Sheet, Report);
    }

    /// <summary>Makes sure that files can be written.</summary>
    /// <exception cref="UsageException">One cannot.</exception>
    public static void RequireWritable(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                // Opened, not truncated: what is there stays until the job is done.
                var existed = File.Exists(path);
                File.Open(path, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
                if (!existed)
                {
                    File.Delete(path);
                }
            }
            catch (Exception refused) when (IsRefusal(refused))
            {
                throw new UsageException($"{path} cannot be written: {Reason(refused)}.");
            }
        }
    }

    /// <summary>Writes one of them.</summary>
    /// <exception cref="CommandFailedException">It cannot be written any more.</exception>
    public static async Task WriteAsync(string path, byte[] bytes, CancellationToken cancel)
    {
        try
        {
            await File.WriteAllBytesAsync(path, bytes, cancel);
        }
        catch (Exception refused) when (IsRefusal(refused))
        {
            throw new CommandFailedException($"{path} cannot be written: {Reason(refused)}.");
        }
    }

    /// <summary>Whether a failure is one of a file.</summary>
    public static bool IsRefusal(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    /// <summary>Why a file cannot be opened, as the end of a sentence.</summary>
    public static string Reason(Exception refused) => refused switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "the folder does not exist",
        UnauthorizedAccessException => "it is a folder, or writing is not allowed",
        _ => refused.Message.TrimEnd('.'),
    };
}
