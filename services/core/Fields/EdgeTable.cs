using System.Numerics;

namespace Realiz3D.Mesh.Fields;

/// <summary>Numbers undirected edges in the order in which they are first seen.</summary>
/// <remarks>Open addressing over one array: a grid of three million tetrahedra asks eighteen million times.</remarks>
internal sealed class EdgeTable
{
    private readonly List<long> _edges;
    private int[] _slots;

    /// <param name="capacity">Edges to expect.</param>
    public EdgeTable(int capacity)
    {
        _edges = new List<long>(capacity);
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * capacity))];
    }

    /// <summary>The number of edge (a, b), which is that of (b, a).</summary>
    public int Number(int a, int b)
    {
        var key = a < b ? ((long)a << 32) | (uint)b : ((long)b << 32) | (uint)a;
        var slot = Slot(key);
        if (_slots[slot] == 0)      // 0 is "free"; numbers are stored one higher
        {
            _edges.Add(key);
            _slots[slot] = _edges.Count;
            if (2 * _edges.Count > _slots.Length)
            {
                Grow();
                return _edges.Count - 1;
            }
        }

        return _slots[slot] - 1;
    }

    /// <summary>Both ends of each edge, lower first, [E, 2].</summary>
    public int[] ToArray()
    {
        var ends = new int[2 * _edges.Count];
        for (var e = 0; e < _edges.Count; e++)
        {
            ends[2 * e] = (int)(_edges[e] >> 32);
            ends[2 * e + 1] = (int)_edges[e];
        }

        return ends;
    }

    private int Slot(long key)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(((ulong)key * 0x9E3779B97F4A7C15UL) >> 33) & mask;
        while (_slots[slot] != 0 && _edges[_slots[slot] - 1] != key)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        _slots = new int[2 * _slots.Length];
        for (var e = 0; e < _edges.Count; e++)
        {
            _slots[Slot(_edges[e])] = e + 1;
        }
    }
}
