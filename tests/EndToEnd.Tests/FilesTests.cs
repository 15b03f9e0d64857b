using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.EndToEnd.Tests;

/// <summary>A bare mesh from outside through every command that works on files, by real processes.</summary>
[Collection("mesh")] // one mesh at a time
public sealed class FilesTests : IDisposable
{
    private const string Cube = """
        v -1 -1 -1
        v 1 -1 -1
        v 1 1 -1
        v -1 1 -1
        v -1 -1 1
        v 1 -1 1
        v 1 1 1
        v -1 1 1
        f 1 4 3 2
        f 5 6 7 8
        f 1 2 6 5
        f 2 3 7 6
        f 3 4 8 7
        f 4 1 5 8

        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("realiz3d-files-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task BareMesh_IsCheckedUnwrappedBakedRelitAndDrawn()
    {
        await File.WriteAllTextAsync(At("cube.obj"), Cube);
        await File.WriteAllTextAsync(At("broken.obj"), Cube[..^3]); // "f 4 1 5"
        await File.WriteAllTextAsync(At("wrong.obj"), Cube.Replace("f 1 2 6 5", "f 1 2 6 55", StringComparison.Ordinal));
        await using var mesh = await RunningMesh.StartAsync(_directory);

        Assert.Equal("12 faces, 8 vertices, 1 piece, closed, manifold, genus 0, 0 self-intersections, 24 m2, 8 m3\n", await RunAsync("process", At("cube.obj")));
        Assert.StartsWith("11 faces, 8 vertices, 1 piece, 1 hole, manifold, ", await RunAsync("process", At("broken.obj")), StringComparison.Ordinal);
        var (code, output, error) = await mesh.RunAsync(_ => { }, "process", At("wrong.obj"));
        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith("mesh: wrong.obj: line 11 has the corner \"55\", but only 8 vertices stand before it.\n", error, StringComparison.Ordinal);

        await RunAsync("process", At("cube.obj"), "--place", "0.5", "--unwrap", "64", "--out", At("cube.glb"));
        var cube = Glb.Read(await File.ReadAllBytesAsync(At("cube.glb")), "cube");
        Assert.Equal((12, 0.25f), (cube.Mesh.FaceCount, cube.Mesh.Positions.Max()));
        Assert.NotNull(cube.Mesh.Uvs);

        await RunAsync("bake", At("cube.glb"), "--size", "64", "--rays", "8", "--out", At("baked.glb"));
        var baked = Glb.Read(await File.ReadAllBytesAsync(At("baked.glb")), "baked");
        Assert.Equal((64, 64), (Png.Read(baked.Material.BaseColorPng!, "colour").Width, Png.Read(baked.Material.OrmPng!, "ORM").Height));

        await RunAsync("relight", At("cube.obj"), "--environment", "white", "--fit", "--size", "64", "--out", At("cube.png"));
        var picture = Png.Read(await File.ReadAllBytesAsync(At("cube.png")), "picture").ToRgba();
        Assert.Equal((0, 255), (picture[3], picture[(4 * ((32 * 64) + 32)) + 3]));
        Assert.InRange(picture[4 * ((32 * 64) + 32)], 200, 250); // plaster in white light

        Assert.Equal($"{At("c.safetensors")}  {At("c.mask.png")}\n", await RunAsync(
            "controls", At("cube.obj"), "--fit", "--size", "32", "--pictures", "mask", "--out", At("c.safetensors")));
        Assert.Equal(6, ControlSet.Parse(await File.ReadAllBytesAsync(At("c.safetensors")), "controls").Cameras.Count);
        Assert.DoesNotContain(
            Directory.GetFiles(_directory, "*", SearchOption.AllDirectories), path => path.EndsWith(".tmp", StringComparison.Ordinal));

        async Task<string> RunAsync(params string[] arguments)
        {
            var (code, output, error) = await mesh.RunAsync(_ => { }, arguments);
            Assert.True(code == 0, error + mesh.Log());
            return output;
        }
    }

    private string At(string name) => Path.Combine(_directory, name);
}
