using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Reads a file from outside as what it is, by the same readers and limits as the services that will use it.</summary>
internal static class FileContent
{
    private static readonly MeshLimits s_meshes = new();
    private static readonly ImageLimits s_images = new(MaxPixels: 32 << 20);
    private static readonly ImageLimits s_environments = new(MaxPixels: 8 << 20);

    /// <summary>What a file is for.</summary>
    /// <param name="head">Its first <see cref="MediaTypes.LookedAt"/> bytes, or all.</param>
    /// <param name="length">Bytes of the whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="MalformedFileException">It is of no format that is taken, or cannot be whole.</exception>
    public static FileKind KindOf(ReadOnlySpan<byte> head, long length, string name)
    {
        switch (MediaTypes.Of(head, length))
        {
            case MediaTypes.Png or MediaTypes.Jpeg or MediaTypes.WebP:
                return FileKind.Image;
            case MediaTypes.Radiance:
                return FileKind.Environment;
            case MediaTypes.Glb when head.Length >= 12 && BitConverter.ToUInt32(head[8..]) is var whole && whole != length:
                throw new MalformedFileException(name, $"the GLB says that it has {whole} bytes, there are {length}.");
            case MediaTypes.Bytes when MediaTypes.IsSafeTensors(head, length):
                return FileKind.Views;
            case MediaTypes.Bytes:
                throw new MalformedFileException(
                    name, "neither a mesh (GLB, OBJ, PLY, STL) nor a picture (PNG, JPEG, WebP, Radiance HDR) nor views (safetensors), or not whole.");
            default:
                return FileKind.Mesh; // its reader says what a text is not
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="kind">What it is for.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>What was found in it; id and size are not set.</returns>
    /// <exception cref="MalformedFileException">It is broken, or larger than its reader's limits.</exception>
    public static UploadResponse Read(FileKind kind, byte[] bytes, string name)
    {
        var found = new UploadResponse
        {
            Kind = kind,
            MediaType = MediaTypes.Of(bytes.AsSpan(0, Math.Min(bytes.Length, MediaTypes.LookedAt)), bytes.Length),
        };
        switch (kind)
        {
            case FileKind.Image:
                var image = ImageFile.Read(bytes, name, s_images);
                found.Image = new UploadedImage { Width = image.Width, Height = image.Height };
                break;
            case FileKind.Environment:
                var light = Hdr.Read(bytes, name, s_environments);
                found.Image = new UploadedImage { Width = light.Width, Height = light.Height };
                break;
            case FileKind.Views:
                var views = ViewSet.Parse(bytes, name);
                found.Views = new UploadedViews { ViewCount = views.Count, ImageSize = views.Size };
                break;
            default:
                var read = MeshFile.Read(bytes, name, s_meshes);
                var mesh = read.Asset.Mesh;
                found.Mesh = new UploadedMesh
                {
                    VertexCount = mesh.VertexCount,
                    FaceCount = mesh.FaceCount,
                    Losses = { read.Losses },
                    HasNormals = mesh.Normals is not null,
                    HasTextureCoordinates = mesh.Uvs is not null,
                };
                found.MediaType = read.Format switch
                {
                    MeshFormat.Glb => MediaTypes.Glb,
                    MeshFormat.Ply => MediaTypes.Ply,
                    MeshFormat.Stl => MediaTypes.Stl,
                    _ => MediaTypes.Obj,
                };
                break;
        }

        return found;
    }
}
