namespace Realiz3D.Mesh.Formats;

/// <summary>Disjoint sets over 0 to n-1 (Tarjan 1975), with path halving.</summary>
internal sealed class Groups(int count)
{
    private readonly int[] _parent = [.. Enumerable.Range(0, count)];

    public int Root(int item)
    {
        while (_parent[item] != item)
        {
            item = _parent[item] = _parent[_parent[item]];
        }

        return item;
    }

    public void Join(int a, int b) => _parent[Root(b)] = Root(a);
}
