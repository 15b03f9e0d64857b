using Grpc.Core;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>The stand-in has the public members of the package, all of them and no others.</summary>
public class SurfaceTests
{
    private static readonly HashSet<string> Listed =
        PublicSurface.Parse(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Grpc.Core.Api.txt"))).ToHashSet();

    private static readonly HashSet<string> Ours = PublicSurface.Of(typeof(Metadata).Assembly).ToHashSet();

    [Fact]
    public void NothingIsMissing() => None(Listed.Except(Ours));

    [Fact]
    public void NothingIsExtra() => None(Ours.Except(Listed));

    [Fact]
    public void TheListIsWhole() => Assert.InRange(Listed.Count, 300, 400);

    private static void None(IEnumerable<string> lines)
    {
        var all = lines.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
