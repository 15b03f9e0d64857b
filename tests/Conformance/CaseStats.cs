using System.Text.Json;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance;

/// <summary>Measures that a case gives in its arguments, by name.</summary>
internal static class CaseStats
{
    /// <summary>Compares measures with those of an object in the case's arguments, if it has one.</summary>
    public static void Check(GoldenCase golden, string key, Dictionary<string, object?> found)
    {
        if (!golden.Args.TryGetProperty(key, out var stats))
        {
            return;
        }

        foreach (var stat in stats.EnumerateObject().Where(stat => golden.Wants(stat.Name)))
        {
            if (!found.TryGetValue(stat.Name, out var actual))
            {
                golden.Fail($"args.{key}.{stat.Name} is not measured here.");
                continue;
            }

            var agrees = (stat.Value.ValueKind, actual) switch
            {
                (JsonValueKind.Null, var value) => value is null,
                (JsonValueKind.True or JsonValueKind.False, bool value) => value == stat.Value.GetBoolean(),
                (JsonValueKind.Number, int value) => value == stat.Value.GetDouble(),
                (JsonValueKind.Number, double value) => Math.Abs(value - stat.Value.GetDouble())
                    <= golden.Absolute + (golden.Relative * Math.Abs(stat.Value.GetDouble())),
                _ => false,
            };
            golden.Check(agrees, $"args.{key}.{stat.Name}: expected {stat.Value.GetRawText()}, got {actual ?? "null"}.");
        }
    }
}
