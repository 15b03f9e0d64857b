using System.Numerics;
using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>Walks the scene's nodes without recursion and yields each mesh with its world matrix.</summary>
internal static class GlbNodes
{
    public static IEnumerable<(int Mesh, Matrix4x4 World)> Walk(GlbDocument document, string file, GlbLimits limits)
    {
        var scene = document.Item("scenes", document.Root.Index("scene", 0));
        var count = document.List("nodes").Length;
        if (count > limits.MaxNodes)
        {
            throw new MalformedFileException(file, $"{count} nodes; at most {limits.MaxNodes} are read.");
        }

        var seen = new HashSet<int>();
        var open = new Stack<(int Node, Matrix4x4 Parent)>();
        foreach (var root in scene.Indices("nodes").Reverse()) // the first one comes off the stack first
        {
            open.Push((root, Matrix4x4.Identity));
        }

        while (open.TryPop(out var next))
        {
            if (!seen.Add(next.Node))
            {
                throw new MalformedFileException(file, $"nodes[{next.Node}] is reached twice: nodes must form a tree.");
            }

            var node = document.Item("nodes", next.Node);
            var world = Local(node) * next.Parent;
            if (node.Maybe("mesh") is not null)
            {
                yield return (node.Index("mesh"), world);
            }

            foreach (var child in node.Indices("children").Reverse())
            {
                open.Push((child, world));
            }
        }
    }

    // System.Numerics multiplies rows from the left, so glTF's column-major order fills its rows as it stands.
    private static Matrix4x4 Local(JsonElement node)
    {
        if (node.Floats("matrix", 16) is { } m)
        {
            return new Matrix4x4(
                m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10], m[11], m[12], m[13], m[14], m[15]);
        }

        var scale = node.Floats("scale", 3) ?? [1, 1, 1];
        var turn = node.Floats("rotation", 4) ?? [0, 0, 0, 1];
        var move = node.Floats("translation", 3) ?? [0, 0, 0];
        return Matrix4x4.CreateScale(scale[0], scale[1], scale[2])
            * Matrix4x4.CreateFromQuaternion(new Quaternion(turn[0], turn[1], turn[2], turn[3]))
            * Matrix4x4.CreateTranslation(move[0], move[1], move[2]);
    }
}
