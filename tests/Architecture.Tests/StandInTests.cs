namespace Realiz3D.Mesh.Architecture.Tests;

/// <summary>What stands in for a package shows nothing that the package lacks, so that nothing else can be used.</summary>
public class StandInTests
{
    [Theory]
    [InlineData("TorchSharp", "TorchSharp")]
    [InlineData("Hosting", "Aspire.Hosting")]
    [InlineData("Grpc.Core.Api", "Grpc.Core.Api")]
    public void StandIn_ShowsOnlyWhatThePackageHas(string project, string package)
    {
        var list = new ApiList(File.ReadLines(Repository.Absolute($"tests/api/{package}.txt")));
        Assert.True(list.Count > 20, $"tests/api/{package}.txt lists {list.Count} types.");
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        using var surface = new PublicSurface(Repository.Absolute($"artifacts/bin/{project}/{configuration}/{package}.dll"));
        var shown = surface.Types().ToList();
        Assert.True(shown.Count > 20, $"{package}.dll shows {shown.Count} types.");

        Breaches.None(
            from type in shown
            from breach in list.HasType(type.Type)
                ? type.Members.Where(member => !list.HasMember(type.Type, member)).Select(member => $"{type.Type}.{member}")
                : [type.Type]
            select breach);
    }

    [Fact]
    public void StandIns_OpenNoInternalDoor_ButToTheirTests() => Breaches.None(
        from name in new[] { "TorchSharp", "Hosting", "Grpc.Core.Api", "Grpc.Net.Common", "Grpc.HealthCheck", "Grpc.Reflection" }
        from line in Repository.Text(Project.All[name].Path).Split('\n')
        where line.Contains("InternalsVisibleTo", StringComparison.Ordinal) && !line.Contains(".Tests\"", StringComparison.Ordinal)
        select $"{name}: {line.Trim()}");

    [Theory]
    [InlineData("class A.B<T, U> : C.D<T>", "  static int M<V>(this (int, int) a, List<Func<V, U>> b = default(X), params int[] c)", "A.B`2", "M((int,int) a,List<Func<V,U>> b,int[] c)")]
    [InlineData("static class A.B", "  (long, long) P { get; set; }", "A.B", "P")]
    [InlineData("abstract class A.B [IDisposable]", "  int this[Range index, int next] { get; }", "A.B", "this(Range index,int next)")]
    [InlineData("struct A.B", "  new(int a)", "A.B", "new(int a)")]
    [InlineData("struct A.B", "  void M(out torch.Tensor a, C.D? b, string? c, E[]? d)", "A.B", "M(Tensor& a,D? b,string c,E[] d)")]
    [InlineData("enum A.B.C", "  X=0, Y=-1", "A.B.C", "Y")]
    [InlineData("interface A.B", "  D Build<T>() where T : class;", "A.B", "Build()")]
    public void List_IsRead(string typeLine, string memberLine, string type, string member)
    {
        var list = new ApiList([typeLine, memberLine]);

        Assert.True(list.HasMember(type, member));
        Assert.False(list.HasMember(type, "Other()"));
    }

    [Fact]
    public void Member_OfABase_IsAMember()
    {
        var list = new ApiList(["class A.B.Base<T>", "  int M()", "class A.B.Derived : B.Base<int>", "  int N()"]);

        Assert.True(list.HasMember("A.B.Derived", "M()"));
        Assert.False(list.HasMember("A.B.Base`1", "N()"));
    }
}
