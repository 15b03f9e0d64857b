using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Whether given texture coordinates can be baked into: each place of the texture belongs to one place of the surface.</summary>
public static class UvLayout
{
    private const float Slack = 1e-4f; // beyond the border, of the texture's side: rounding of other programs

    /// <summary>Looks at a mesh's texture coordinates, with one sample per texel.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="size">Width and height of the texture.</param>
    /// <returns>Null when they can be baked into, otherwise what is wrong with them.</returns>
    public static string? Fault(TriangleMesh mesh, int size)
    {
        if (mesh.Uvs is not { } uvs)
        {
            return "it has no texture coordinates";
        }

        if (!Array.TrueForAll(uvs, value => value is >= -Slack and <= 1 + Slack)) // NaN fails too
        {
            return "its texture coordinates leave 0 to 1";
        }

        var places = FragmentBuffer.TexturePlaces(mesh, size);
        var counter = new Counter(new bool[size * size]);
        for (var corner = 0; corner < mesh.Indices.Length; corner += 3)
        {
            TriangleScan.Visit(
                places[mesh.Indices[corner]], places[mesh.Indices[corner + 1]], places[mesh.Indices[corner + 2]], size, ref counter);
        }

        return counter.Covered == 0 ? "its triangles cover no texel"
            : counter.Twice > 0 ? $"{counter.Twice} of its {counter.Covered + counter.Twice} texels belong to more than one triangle"
            : null;
    }

    private struct Counter(bool[] taken) : IFragmentVisitor
    {
        public int Covered { get; private set; }

        public int Twice { get; private set; }

        public void Visit(int pixel, double u, double v, double depth)
        {
            if (taken[pixel])
            {
                Twice++;
            }
            else
            {
                taken[pixel] = true;
                Covered++;
            }
        }
    }
}
