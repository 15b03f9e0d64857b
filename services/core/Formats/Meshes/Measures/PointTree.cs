namespace Realiz3D.Mesh.Formats;

/// <summary>Finds the nearest of many points: a balanced k-d tree (Bentley 1975), split across the widest extent.</summary>
/// <remarks>Of points at the same distance the one with the lowest index is found.</remarks>
public sealed class PointTree
{
    private const int LeafSize = 8;

    private readonly Vector3d[] _points;
    private readonly int[] _order;
    private readonly byte[] _axes; // of the split at a range's middle

    /// <summary>Builds the tree.</summary>
    /// <param name="points">x, y, z per point, [3N]; at least one point.</param>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public PointTree(ReadOnlySpan<float> points)
    {
        if (points.Length < 3 || points.Length % 3 != 0)
        {
            throw new ArgumentException($"{points.Length} coordinates are not one or more points.", nameof(points));
        }

        _points = Vector3d.All(points);
        _order = [.. Enumerable.Range(0, _points.Length)];
        _axes = new byte[_points.Length];
        Split(0, _points.Length);
    }

    /// <summary>Number of points, N.</summary>
    public int Count => _points.Length;

    /// <summary>The point nearest to a place.</summary>
    /// <param name="x">X of the place.</param>
    /// <param name="y">Y of the place.</param>
    /// <param name="z">Z of the place.</param>
    /// <returns>Index of the point, and the square of its distance.</returns>
    public (int Index, double SquaredDistance) Nearest(double x, double y, double z)
    {
        var best = (Index: -1, Distance: double.PositiveInfinity);
        Search(new Vector3d(x, y, z), 0, _points.Length, ref best);
        return best;
    }

    private void Split(int start, int end)
    {
        if (end - start <= LeafSize)
        {
            return;
        }

        var (low, high) = (_points[_order[start]], _points[_order[start]]);
        for (var i = start + 1; i < end; i++)
        {
            (low, high) = (Vector3d.Min(low, _points[_order[i]]), Vector3d.Max(high, _points[_order[i]]));
        }

        var extent = high - low;
        var axis = extent.X >= extent.Y && extent.X >= extent.Z ? 0 : extent.Y >= extent.Z ? 1 : 2;
        var middle = (start + end) / 2;
        _axes[middle] = (byte)axis;
        Select(start, end - 1, middle, axis);
        Split(start, middle);
        Split(middle + 1, end);
    }

    /// <summary>Hoare's selection: what is smaller than the middle one goes before it, what is larger behind it.</summary>
    private void Select(int left, int right, int middle, int axis)
    {
        while (left < right)
        {
            var pivot = _points[_order[(left + right) / 2]][axis];
            var (i, j) = (left, right);
            while (i <= j)
            {
                while (_points[_order[i]][axis] < pivot)
                {
                    i++;
                }

                while (_points[_order[j]][axis] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (_order[i], _order[j]) = (_order[j], _order[i]);
                    i++;
                    j--;
                }
            }

            (left, right) = middle <= j ? (left, j) : middle >= i ? (i, right) : (middle, middle);
        }
    }

    private void Search(Vector3d place, int start, int end, ref (int Index, double Distance) best)
    {
        if (end - start <= LeafSize)
        {
            for (var i = start; i < end; i++)
            {
                Consider(place, _order[i], ref best);
            }

            return;
        }

        var middle = (start + end) / 2;
        Consider(place, _order[middle], ref best);
        var away = place[_axes[middle]] - _points[_order[middle]][_axes[middle]];
        var (near, far) = away < 0 ? ((start, middle), (middle + 1, end)) : ((middle + 1, end), (start, middle));
        Search(place, near.Item1, near.Item2, ref best);
        if (away * away <= best.Distance) // equal too: a lower index may lie there
        {
            Search(place, far.Item1, far.Item2, ref best);
        }
    }

    private void Consider(Vector3d place, int point, ref (int Index, double Distance) best)
    {
        var distance = (_points[point] - place).LengthSquared;
        if (distance < best.Distance || (distance == best.Distance && point < best.Index))
        {
            best = (point, distance);
        }
    }
}
