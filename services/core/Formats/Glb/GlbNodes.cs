using System.Numerics;
using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>Walks the scene's nodes without recursion and yields each mesh with its world matrix.</summary>
internal static class GlbNodes
{
    public static IEnumerable<(int Mesh, Matrix4x4 World)> Walk(GlbDocument document, string file, GlbLimits limits)
    {
        var scene = document.Item("scenes", (int)GlbDocument.Number(document.Root, "scene", 0));
        var count = document.Root.TryGetProperty("nodes", out var nodes) ? nodes.GetArrayLength() : 0;
        if (count > limits.MaxNodes)
        {
            throw new MalformedFileException(file, $"{count} nodes; at most {limits.MaxNodes} are read.");
        }

        var seen = new HashSet<int>();
        var open = new Stack<(int Node, Matrix4x4 Parent)>();
        foreach (var root in Children(scene, "nodes").Reverse()) // the first one comes off the stack first
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
            var world = Local(file, next.Node, node) * next.Parent;
            if (node.TryGetProperty("mesh", out var mesh))
            {
                yield return (mesh.GetInt32(), world);
            }

            foreach (var child in Children(node, "children").Reverse())
            {
                open.Push((child, world));
            }
        }
    }

    private static int[] Children(JsonElement parent, string name) => parent.TryGetProperty(name, out var children)
        ? [.. children.EnumerateArray().Select(child => child.GetInt32())]
        : [];

    // System.Numerics multiplies rows from the left, so glTF's column-major order fills its rows as it stands.
    private static Matrix4x4 Local(string file, int index, JsonElement node)
    {
        if (node.TryGetProperty("matrix", out _))
        {
            var m = Floats(file, index, node, "matrix", 16)!;
            return new Matrix4x4(
                m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10], m[11], m[12], m[13], m[14], m[15]);
        }

        var scale = Floats(file, index, node, "scale", 3) ?? [1, 1, 1];
        var turn = Floats(file, index, node, "rotation", 4) ?? [0, 0, 0, 1];
        var move = Floats(file, index, node, "translation", 3) ?? [0, 0, 0];
        return Matrix4x4.CreateScale(scale[0], scale[1], scale[2])
            * Matrix4x4.CreateFromQuaternion(new Quaternion(turn[0], turn[1], turn[2], turn[3]))
            * Matrix4x4.CreateTranslation(move[0], move[1], move[2]);
    }

    private static float[]? Floats(string file, int index, JsonElement node, string name, int count)
    {
        if (!node.TryGetProperty(name, out var values))
        {
            return null;
        }

        float[] numbers = [.. values.EnumerateArray().Select(value => value.GetSingle())];
        return numbers.Length == count && Array.TrueForAll(numbers, float.IsFinite)
            ? numbers
            : throw new MalformedFileException(file, $"nodes[{index}].{name} must be {count} finite numbers.");
    }
}
