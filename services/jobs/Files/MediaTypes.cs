using System.Buffers.Binary;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Media types by a file's first bytes. Source: the registry of iana.org; PLY has no entry there.</summary>
internal static class MediaTypes
{
    /// <summary>Bytes that tell.</summary>
    public const int LookedAt = 1024;

    public const string Glb = "model/gltf-binary";
    public const string Obj = "model/obj";
    public const string Ply = "model/ply";
    public const string Stl = "model/stl";
    public const string Usdz = "model/vnd.usdz+zip";
    public const string Png = "image/png";
    public const string Jpeg = "image/jpeg";
    public const string WebP = "image/webp";
    public const string Radiance = "image/vnd.radiance";
    public const string Json = "application/json";
    public const string Text = "text/plain";
    public const string Bytes = "application/octet-stream";

    /// <summary>The media type of a file.</summary>
    /// <param name="head">Its first <see cref="LookedAt"/> bytes, or all.</param>
    /// <param name="length">Bytes of the whole file.</param>
    /// <returns>The type; that of any bytes where the head tells nothing.</returns>
    public static string Of(ReadOnlySpan<byte> head, long length) => head switch
    {
        _ when head.StartsWith("glTF"u8) => Glb,
        _ when Formats.Png.IsPng(head) => Png,
        _ when Formats.Jpeg.IsJpeg(head) => Jpeg,
        _ when Formats.WebP.IsWebP(head) => WebP,
        _ when head.StartsWith("#?"u8) => Radiance,
        _ when head.StartsWith("ply\n"u8) || head.StartsWith("ply\r"u8) => Ply,
        _ when IsBinaryStl(head, length) || head.StartsWith("solid"u8) => Stl,
        _ when head.StartsWith("PK\x03\x04"u8) => Usdz,
        _ when IsSafeTensors(head, length) => Bytes,
        _ when head.Contains((byte)0) => Bytes,
        _ when head.TrimStart(" \t\r\n"u8).StartsWith("{"u8) => Json,
        _ => IsObj(head) ? Obj : Text,
    };

    /// <summary>Whether a file starts as safetensors do: the length of a JSON header that fits, and its brace.</summary>
    public static bool IsSafeTensors(ReadOnlySpan<byte> head, long length) =>
        head.Length > 8 && head[8] == (byte)'{' && BinaryPrimitives.ReadUInt64LittleEndian(head) <= (ulong)length - 8;

    private static bool IsBinaryStl(ReadOnlySpan<byte> head, long length) =>
        head.Length >= 84 && length == 84 + (50L * BinaryPrimitives.ReadUInt32LittleEndian(head[80..]));

    // A line that begins with a statement of OBJ which other texts do not have.
    private static bool IsObj(ReadOnlySpan<byte> head)
    {
        foreach (var range in head.Split((byte)'\n'))
        {
            var line = head[range];
            if (line.StartsWith("v "u8) || line.StartsWith("mtllib "u8) || line.StartsWith("o "u8) || line.StartsWith("g "u8))
            {
                return true;
            }
        }

        return false;
    }
}
