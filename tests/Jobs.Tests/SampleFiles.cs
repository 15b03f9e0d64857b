using System.Text;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Jobs.Tests;

/// <summary>Small files of every kind that is taken, and of some that are not.</summary>
internal static class SampleFiles
{
    private static readonly TriangleMesh s_tetrahedron = new(
        [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]);

    private static readonly PixelImage s_image = new(3, 2, 3, [.. Enumerable.Range(0, 18).Select(i => (byte)(i * 14))]);

    /// <summary>A square of a material that lies elsewhere.</summary>
    public static byte[] Obj { get; } = Encoding.ASCII.GetBytes("mtllib red.mtl\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2 3 4\n");

    /// <summary>Each file, and what is found in it.</summary>
    public static IReadOnlyList<(byte[] File, UploadResponse Found)> Good { get; } =
    [
        (Glb.Write(new GlbAsset(s_tetrahedron, new GlbMaterial())), Mesh("model/gltf-binary", 4, 4)),
        (Obj, Mesh("model/obj", 4, 2, "Materials lie in files of their own, which are not opened: red.mtl.")),
        (Ply.Write(s_tetrahedron), Mesh("model/ply", 4, 4)),
        (Stl.Write(s_tetrahedron), Mesh("model/stl", 4, 4)),
        (Png.Write(s_image.Bytes, 3, 2, 3), Image("image/png")),
        (Jpeg.Write(s_image), Image("image/jpeg")),
        (WebP.Write(s_image), Image("image/webp")),
        (Hdr.Write(new HdrImage(3, 2, new float[18])), Image("image/vnd.radiance", FileKind.Environment)),
        (Views().ToBytes(), new() { Kind = FileKind.Views, MediaType = "application/octet-stream", Views = new() { ViewCount = 2, ImageSize = 2 } }),
        (Glb.Write(new GlbAsset(s_tetrahedron with { Normals = s_tetrahedron.AreaWeightedNormals(), Uvs = new float[8] }, new GlbMaterial())), new()
        {
            Kind = FileKind.Mesh, MediaType = "model/gltf-binary", Mesh = new() { VertexCount = 4, FaceCount = 4, HasNormals = true, HasTextureCoordinates = true },
        }),
    ];

    /// <summary>Each file, and how the reason begins for which it is refused under the name a.bin.</summary>
    public static IReadOnlyList<(string Name, byte[] File, string Reason)> Broken { get; } =
    [
        ("zeros", new byte[5000], "a.bin: neither a mesh (GLB, OBJ, PLY, STL) nor a picture"),
        ("gif", [.. "GIF89a"u8, 1, 0, 1, 0, 0, 0, 0], "a.bin: neither a mesh"),
        ("prose", Encoding.ASCII.GetBytes("Dear mesh,\nplease make a vase.\n"), "a.bin: it holds no face."),
        ("json", Encoding.ASCII.GetBytes("""{"asset":{"version":"2.0"}}"""), "a.bin: glTF with its buffers apart is not read"),
        ("archive", [.. "PK\x03\x04"u8, .. new byte[100]], "a.bin: USDZ and other archives are not read"),
        ("cut GLB", Good[0].File[..^4], $"a.bin: the GLB says that it has {Good[0].File.Length} bytes, there are {Good[0].File.Length - 4}."),
        ("GLB without JSON", [.. "glTF"u8, 2, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, .. "JSON"u8], "a.bin: "),
        ("OBJ of words", Encoding.ASCII.GetBytes("v 0 0 zero\nf 1 1 1\n"), "a.bin: line 1 has"),
        ("OBJ beyond its vertices", Encoding.ASCII.GetBytes("v 0 0 0\nf 1 2 3\n"), "a.bin: line 2 has the corner"),
        ("huge PLY", Encoding.ASCII.GetBytes("ply\nformat ascii 1.0\nelement vertex 2000000000\nproperty float x\nproperty float y\nproperty float z\nend_header\n"), "a.bin: "),
        ("cut STL", Good[3].File[..^1], "a.bin: neither a mesh"),
        ("PNG with a wrong sum", Changed(Good[4].File, 30), "a.bin: "),
        ("cut PNG", Good[4].File[..40], "a.bin: "),
        ("cut JPEG", Good[5].File[..20], "a.bin: "),
        ("cut WebP", Good[6].File[..20], "a.bin: "),
        ("cut HDR", Good[7].File[..^5], "a.bin: the Radiance picture is truncated."),
        ("huge HDR", Encoding.ASCII.GetBytes("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 9000 +X 9000\n"), "a.bin: 9000 x 9000 pixels;"),
        ("cut views", Good[8].File[..^4], "a.bin: "),
        ("other safetensors", SafeTensorsWriter.ToBytes(new Dictionary<string, TensorData> { ["x"] = TensorData.From([1f], [1]) }), "a.bin: "),
    ];

    private static UploadResponse Mesh(string mediaType, int vertices, int faces, params string[] losses) => new()
    {
        Kind = FileKind.Mesh, MediaType = mediaType, Mesh = new() { VertexCount = vertices, FaceCount = faces, Losses = { losses } },
    };

    private static UploadResponse Image(string mediaType, FileKind kind = FileKind.Image) => new()
    {
        Kind = kind, MediaType = mediaType, Image = new() { Width = 3, Height = 2 },
    };

    private static ViewSet Views() => new(
        new float[2 * 4 * 2 * 2], 2, [new(0, 0, 1.866, 30), new(90, 20, 1.866, 30)], "scene", "", 0, "");

    private static byte[] Changed(byte[] file, int at)
    {
        byte[] changed = [.. file];
        changed[at] ^= 1;
        return changed;
    }
}
