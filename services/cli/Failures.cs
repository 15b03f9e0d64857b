namespace Realiz3D.Mesh.CommandLine;

/// <summary>The arguments cannot be used.</summary>
/// <param name="message">One sentence: which argument, and what it may be.</param>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The command could not be carried out.</summary>
/// <param name="message">One sentence: what happened and, where it helps, what to do.</param>
internal sealed class CommandFailedException(string message) : Exception(message);
