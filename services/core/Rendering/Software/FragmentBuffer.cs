using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The nearest triangle behind each pixel centre of a square image, drawn without tensors.</summary>
/// <remarks>For texture work and measurements, where no gradient is wanted. Ties go to the lower triangle.</remarks>
public sealed class FragmentBuffer
{
    private FragmentBuffer(int size)
    {
        Size = size;
        Face = new int[size * size];
        U = new float[size * size];
        V = new float[size * size];
        Depth = new float[size * size];
        Array.Fill(Face, -1);
        Array.Fill(Depth, float.PositiveInfinity);
    }

    /// <summary>Width and height in pixels, S.</summary>
    public int Size { get; }

    /// <summary>Triangle per pixel, -1 where there is none, [S, S].</summary>
    public int[] Face { get; }

    /// <summary>Weight of the triangle's first corner, [S, S].</summary>
    public float[] U { get; }

    /// <summary>Weight of the triangle's second corner, [S, S].</summary>
    public float[] V { get; }

    /// <summary>Distance along the view axis, infinity where there is no triangle, [S, S].</summary>
    public float[] Depth { get; }

    /// <summary>Draws a mesh as a camera sees it.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="camera">The camera.</param>
    /// <param name="size">Width and height of the image.</param>
    /// <returns>The buffer.</returns>
    public static FragmentBuffer OfView(TriangleMesh mesh, Camera camera, int size)
    {
        var matrix = camera.WorldToClip();
        var vertices = new PixelVertex[mesh.VertexCount];
        for (var i = 0; i < vertices.Length; i++)
        {
            var (x, y, z) = (mesh.Positions[3 * i], mesh.Positions[(3 * i) + 1], mesh.Positions[(3 * i) + 2]);
            double Row(int r) => (matrix[r] * x) + (matrix[r + 1] * y) + (matrix[r + 2] * z) + matrix[r + 3];
            var w = Row(12);
            vertices[i] = new PixelVertex((w + Row(0)) * 0.5 * size, (w - Row(4)) * 0.5 * size, w);
        }

        return Draw(vertices, mesh.Indices, size);
    }

    /// <summary>Draws a mesh's triangles where they lie in its texture.</summary>
    /// <param name="mesh">The mesh, with texture coordinates.</param>
    /// <param name="size">Width and height of the texture.</param>
    /// <returns>The buffer; all depths are 1.</returns>
    public static FragmentBuffer OfTexture(TriangleMesh mesh, int size) => Draw(TexturePlaces(mesh, size), mesh.Indices, size);

    /// <summary>Each vertex's place in a texture, in texels.</summary>
    /// <param name="mesh">The mesh, with texture coordinates.</param>
    /// <param name="size">Width and height of the texture.</param>
    /// <returns>[P].</returns>
    public static PixelVertex[] TexturePlaces(TriangleMesh mesh, int size)
    {
        var uvs = mesh.Uvs ?? throw new ArgumentException("The mesh has no texture coordinates.");
        var places = new PixelVertex[mesh.VertexCount];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = new PixelVertex((double)uvs[2 * i] * size, (double)uvs[(2 * i) + 1] * size, 1);
        }

        return places;
    }

    private static FragmentBuffer Draw(PixelVertex[] vertices, int[] indices, int size)
    {
        var buffer = new FragmentBuffer(size);
        for (var face = 0; face < indices.Length / 3; face++)
        {
            var visitor = new Nearest(buffer, face);
            TriangleScan.Visit(
                vertices[indices[3 * face]], vertices[indices[(3 * face) + 1]], vertices[indices[(3 * face) + 2]],
                size, ref visitor);
        }

        return buffer;
    }

    private readonly struct Nearest(FragmentBuffer buffer, int face) : IFragmentVisitor
    {
        public void Visit(int pixel, double u, double v, double depth)
        {
            if ((float)depth < buffer.Depth[pixel])
            {
                buffer.Face[pixel] = face;
                buffer.Depth[pixel] = (float)depth;
                buffer.U[pixel] = (float)u;
                buffer.V[pixel] = (float)v;
            }
        }
    }
}
