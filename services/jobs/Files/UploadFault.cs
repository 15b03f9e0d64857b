using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>What is wrong with the messages of an upload, in one sentence each.</summary>
internal static class UploadFault
{
    private const int LongestName = 255;

    /// <summary>Checks a header.</summary>
    /// <returns>Null for one that can be used.</returns>
    public static string? Of(UploadHeader header, long maxBytes) => header switch
    {
        { Name.Length: > LongestName } => $"name has {header.Name.Length} characters; at most {LongestName} are allowed.",
        _ when header.Name.Any(char.IsControl) => "name must not have control characters.",
        _ when header.ByteLength < 1 => "byte_length must be the size of the file, at least 1.",
        _ when header.ByteLength > maxBytes => $"{NameOf(header)} has {header.ByteLength} bytes; at most {maxBytes} are taken.",
        { HasKind: true, Kind: not (FileKind.Mesh or FileKind.Image or FileKind.Environment or FileKind.Views) } =>
            "kind must be FILE_KIND_MESH, _IMAGE, _ENVIRONMENT or _VIEWS, or not set.",
        _ when header.ArtifactId.Length > 0 && !ArtifactStore.IsId(header.ArtifactId) => "artifact_id must be 64 lower-case hexadecimal digits, or empty.",
        _ => null,
    };

    /// <summary>Checks a message after the header.</summary>
    /// <param name="part">The message.</param>
    /// <param name="received">Bytes before it.</param>
    /// <param name="announced">Bytes of the whole file.</param>
    /// <returns>Null for a chunk that fits.</returns>
    public static string? Of(UploadRequest part, long received, long announced) => part.Chunk switch
    {
        null => "every message after the header must carry a chunk.",
        { Data.Length: not (> 0 and <= TensorFrames.MaxChunkBytes) } => $"a chunk must have 1 to {TensorFrames.MaxChunkBytes} bytes, this one has {part.Chunk.Data.Length}.",
        _ when part.Chunk.Offset != received => $"a chunk is at {part.Chunk.Offset}, {received} is expected.",
        _ when received + part.Chunk.Data.Length > announced => $"more bytes came than the {announced} of the header.",
        _ => null,
    };

    /// <summary>A kind of file in words.</summary>
    public static string Words(FileKind kind) => kind switch
    {
        FileKind.Image => "a picture",
        FileKind.Environment => "an environment",
        FileKind.Views => "views",
        _ => "a mesh",
    };

    /// <summary>What to call a file in messages.</summary>
    public static string NameOf(UploadHeader header) => header.Name.Length > 0 ? header.Name : "the file";
}
