namespace Realiz3D.Mesh.Formats;

/// <summary>A file is not what its format asks for, or is larger than the limits allow. The message names file and fault.</summary>
public sealed class MalformedFileException : IOException
{
    /// <summary>Says which file is at fault and how.</summary>
    /// <param name="file">Path, or a name for bytes that came from elsewhere.</param>
    /// <param name="problem">One sentence: what was expected and what was found.</param>
    /// <param name="inner">Cause, if another reader raised it.</param>
    public MalformedFileException(string file, string problem, Exception? inner = null)
        : base($"{file}: {problem}", inner) => File = file;

    /// <summary>Path or name of the file at fault.</summary>
    public string File { get; }
}
