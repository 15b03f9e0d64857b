namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>Asserts that a rule is kept, and names all of its breaches if not.</summary>
internal static class Breaches
{
    public static void None(IEnumerable<string> breaches)
    {
        var all = breaches.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
