namespace Realiz3D.Mesh.Storage;

/// <summary>A record as it was read.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Grows by one with each change; a change must name the version it is based on.</param>
/// <param name="Content">The record itself.</param>
/// <param name="Parts">What was kept beside it, by name.</param>
public sealed record StoredRecord(
    string Id,
    long Version,
    ReadOnlyMemory<byte> Content,
    IReadOnlyDictionary<string, byte[]> Parts);

/// <summary>What a change does to a record's place in the queue.</summary>
public enum QueueChange
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>Puts it at the end.</summary>
    Enqueue,

    /// <summary>Takes it out, waiting or handed out.</summary>
    Remove,
}

/// <summary>What became of a request to create a record.</summary>
public enum Creation
{
    /// <summary>It was made and queued.</summary>
    Created,

    /// <summary>The same request made it before.</summary>
    Known,

    /// <summary>Another request used this key before.</summary>
    Conflict,

    /// <summary>The queue is full.</summary>
    Full,
}
