using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Which triangle lies across each edge of each triangle.</summary>
public static class FaceAdjacency
{
    /// <summary>Finds the neighbours. An edge with more than two triangles has none, like a border.</summary>
    /// <param name="faces">Vertices of the triangles, [F, 3].</param>
    /// <returns>[F, 3]: across the edge opposite corner k, the neighbour's index times 3 plus its corner opposite that
    /// edge; -1 if there is no neighbour.</returns>
    public static int[] Of(ReadOnlySpan<int> faces)
    {
        var across = new int[faces.Length];
        Array.Fill(across, -1);
        var slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * faces.Length))];
        var mask = slots.Length - 1;
        for (var corner = 0; corner < faces.Length; corner++)
        {
            var key = Key(faces, corner);
            var slot = (int)(((ulong)key * 0x9E3779B97F4A7C15UL) >> 33) & mask;
            while (slots[slot] != 0 && Key(faces, slots[slot] - 1) != key)
            {
                slot = (slot + 1) & mask;
            }

            if (slots[slot] == 0)       // 0 is "free"; corners are stored one higher
            {
                slots[slot] = corner + 1;
            }
            else
            {
                Join(across, slots[slot] - 1, corner);
            }
        }

        for (var corner = 0; corner < across.Length; corner++)
        {
            across[corner] = Math.Max(across[corner], -1);
        }

        return across;
    }

    // The first pair at an edge become neighbours; a third triangle parts them again for good (-2 until the end).
    private static void Join(int[] across, int first, int corner)
    {
        if (across[first] == -1)
        {
            (across[first], across[corner]) = (corner, first);
        }
        else if (across[first] >= 0)
        {
            across[across[first]] = -2;
            across[first] = -2;
        }
    }

    private static long Key(ReadOnlySpan<int> faces, int corner)
    {
        var start = corner / 3 * 3;
        var a = faces[start + (corner + 1) % 3];
        var b = faces[start + (corner + 2) % 3];
        return a < b ? ((long)a << 32) | (uint)b : ((long)b << 32) | (uint)a;
    }
}
