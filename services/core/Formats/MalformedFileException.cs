namespace Realiz3D.Mesh.Formats;

/// <summary>A file is not what its format asks for, or is larger than the limits allow. The message names file and fault.</summary>
public sealed class MalformedFileException : IOException
{
    private const int LongestProblem = 4000;

    /// <summary>Says which file is at fault and how.</summary>
    /// <param name="file">Path, or a name for bytes that came from elsewhere.</param>
    /// <param name="problem">One sentence: what was expected and what was found.</param>
    /// <param name="inner">Cause, if another reader raised it.</param>
    public MalformedFileException(string file, string problem, Exception? inner = null)
        : base($"{file}: {Readable(problem)}", inner) => File = file;

    /// <summary>Path or name of the file at fault.</summary>
    public string File { get; }

    // What a file holds is quoted in messages: it may be long, and break lines.
    private static string Readable(string problem) => string.Create(Math.Min(problem.Length, LongestProblem), problem, (line, text) =>
    {
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(text[i]) ? '?' : text[i];
        }
    });
}
