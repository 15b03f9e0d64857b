using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.CommandLine.Tests;

public sealed class FileCommandTests : IAsyncLifetime, IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("realiz3d-cli-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private FakeFiles _mesh = null!;

    public async Task InitializeAsync()
    {
        _mesh = await FakeFiles.StartAsync();
        await File.WriteAllTextAsync(At("in.glb"), new string('g', 200_000));
        await File.WriteAllTextAsync(At("in.obj"), "v 0 0 0");
        await File.WriteAllTextAsync(At("sky.hdr"), "#?");
        await File.WriteAllTextAsync(At("views.safetensors"), "{}");
    }

    public async Task DisposeAsync()
    {
        await _mesh.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Process_DoesTheOperationsInTheirOrder_AndWritesAllFiles()
    {
        var code = await RunAsync(
            "process", At("in.glb"), "--unwrap", "--normals", "30", "--decimate", "5000", "--place", "--tangents", "--repair", "--weld", "0.01",
            "--smooth", "3", "--remesh", "99", "--out", At("a b.obj"));

        Assert.Equal((0, $"{At("a b.obj")}  {At("a_b.mtl")}\n"), (code, $"{_output}"));
        Assert.Equal("a_b.mesh", await File.ReadAllTextAsync(At("a b.obj")));
        var file = new UploadHeader { ByteLength = 200_000, Kind = FileKind.Mesh, Name = "in.glb" };
        var request = new ProcessMeshRequest
        {
            MeshArtifactId = FakeFiles.IdOf(await File.ReadAllBytesAsync(At("in.glb"))),
            Format = MeshFileFormat.Obj,
            Name = "a_b",
            Operations =
            {
                new MeshOperation { Unwrap = new() }, new MeshOperation { Normals = new() { CreaseDegrees = 30 } },
                new MeshOperation { Decimate = new() { FaceCount = 5000 } }, new MeshOperation { Place = new() }, new MeshOperation { Tangents = new() },
                new MeshOperation { Repair = new() }, new MeshOperation { Weld = new() { Tolerance = 0.01 } },
                new MeshOperation { Smooth = new() { IterationCount = 3 } }, new MeshOperation { Remesh = new() { FaceCount = 99 } },
            },
        };
        Assert.Equal<IMessage>([file, request], _mesh.Asked);
        Assert.Equal(
            ["sending in.glb", "decimating, 1 of 3", "fetching a b.obj", "fetching a_b.mtl", "decimate: 12 faces", "12 faces, 8 vertices, 1 piece, closed, manifold, genus 0, 6 m2, 1 m3"],
            ErrorLines);
    }

    [Fact]
    public async Task Process_WithoutAnythingToDo_SaysHowSoundTheMeshIs()
    {
        Assert.Equal(0, await RunAsync("process", At("in.glb")));

        Assert.Equal("12 faces, 8 vertices, 1 piece, closed, manifold, genus 0, 6 m2, 1 m3\n", $"{_output}");
        Assert.False(((ProcessMeshRequest)_mesh.Asked[1]).HasFormat);
    }

    [Fact]
    public async Task Controls_WritesTheNumbersAndThePictures()
    {
        Assert.Equal(0, await RunAsync("controls", At("in.obj"), "--pictures", "mask,inverse-depth", "--rig", "v11", "--size", "64", "--fit", "--out", At("c.safetensors")));

        Assert.Equal($"{At("c.safetensors")}  {At("c.mask.png")}  {At("c.inverse-depth.png")}\n", $"{_output}");
        Assert.Equal("InverseDepth", await File.ReadAllTextAsync(At("c.inverse-depth.png")));
        Assert.Equal(
            new RenderControlsRequest
            {
                MeshArtifactId = FakeFiles.IdOf(await File.ReadAllBytesAsync(At("in.obj"))),
                Rig = new() { Name = RigName.Zero123PlusV11 },
                ImageSize = 64,
                FitsSphere = true,
                PictureKinds = { ControlKind.Mask, ControlKind.InverseDepth },
            },
            _mesh.Asked[1]);
        Assert.Equal("2 views, the mesh covers 25 % to 50 % of them", ErrorLines[^1]);
    }

    [Fact]
    public async Task Bake_MakesGlbsOfWhatIsNone()
    {
        Assert.Equal(0, await RunAsync(
            "bake", At("in.obj"), "--detail", At("in.glb"), "--views", At("views.safetensors"), "--size", "256", "--rays", "8", "--roughness", "0.5", "--metallic", "1",
            "--out", At("b.glb")));

        Assert.Equal("baked", await File.ReadAllTextAsync(At("b.glb")));
        Assert.Equal(
            new BakeRequest
            {
                MeshArtifactId = FakeFiles.IdOf(".mesh"u8.ToArray()), // what ProcessMesh made of the OBJ
                DetailArtifactId = FakeFiles.IdOf(await File.ReadAllBytesAsync(At("in.glb"))),
                ViewsArtifactId = FakeFiles.IdOf("{}"u8.ToArray()),
                TextureSize = 256,
                OcclusionRayCount = 8,
                Roughness = 0.5f,
                Metallic = 1,
            },
            _mesh.Asked[^1]);
        Assert.Equal("textures of 256 pixels, newly unwrapped, views saw 0 % of it", ErrorLines[^1]);
    }

    [Fact]
    public async Task Relight_GoesRoundTheAsset()
    {
        Assert.Equal(0, await RunAsync(
            "relight", At("in.glb"), "--environment", At("sky.hdr"), "--azimuth", "300", "--elevation", "-5", "--turn", "3", "--rotation", "90", "--exposure", "-1.5",
            "--backdrop", "--paths", "16", "--bounces", "2", "--size", "128", "--out", At("r.png")));

        Assert.Equal($"{At("r.1.png")}  {At("r.2.png")}  {At("r.3.png")}\n", $"{_output}");
        Assert.Equal("picture from 60", await File.ReadAllTextAsync(At("r.2.png")));
        Assert.Equal(
            new RelightRequest
            {
                AssetArtifactId = FakeFiles.IdOf(await File.ReadAllBytesAsync(At("in.glb"))),
                EnvironmentArtifactId = FakeFiles.IdOf("#?"u8.ToArray()),
                RotationDegrees = 90,
                Exposure = -1.5f,
                Cameras = { new[] { 300, 60, 180 }.Select(azimuth => new RelightCamera { AzimuthDegrees = azimuth, ElevationDegrees = -5 }) },
                ImageSize = 128,
                Backdrop = Backdrop.Environment,
                Quality = LightQuality.Paths,
                SampleCount = 16,
                BounceCount = 2,
            },
            _mesh.Asked[^1]);
        Assert.Equal("clearcoat is not rendered.", ErrorLines[^1]);
    }

    [Fact]
    public async Task Relight_Fitting_PlacesTheAssetFirst()
    {
        Assert.Equal(0, await RunAsync("relight", At("in.glb"), "--environment", "sunset", "--fit", "--out", At("r.png")));

        Assert.Equal(
            [new MeshOperation { Place = new() { LongestSide = 0.6 } }, new MeshOperation { Normals = new() { CreaseDegrees = 40 } }],
            ((ProcessMeshRequest)_mesh.Asked[1]).Operations);
        Assert.Equal(("sunset", 0), (((RelightRequest)_mesh.Asked[2]).EnvironmentName, ((RelightRequest)_mesh.Asked[2]).Exposure));
        Assert.Equal("picture from 30", await File.ReadAllTextAsync(At("r.png")));
    }

    [Fact]
    public async Task Relight_OfAMeshWithoutNormals_ShowsSharpEdgesSharp()
    {
        await File.WriteAllTextAsync(At("normals.obj"), "v 0 0 0");
        foreach (var (name, operations) in new[] { ("in.obj", 1), ("normals.obj", 0) })
        {
            _mesh.Asked.Clear();
            Assert.Equal(0, await RunAsync("relight", At(name), "--out", At("r.png")));
            Assert.Equal(operations, ((ProcessMeshRequest)_mesh.Asked[1]).Operations.Count(operation => operation.Normals is { CreaseDegrees: 40 }));
            Assert.Equal(("softbox", -2), (((RelightRequest)_mesh.Asked[2]).EnvironmentName, ((RelightRequest)_mesh.Asked[2]).Exposure));
        }
    }

    [Fact]
    public async Task Obj_GoesWithItsMaterialsAndPictures_AndTellsWhatIsNotThere()
    {
        var picture = Png.Write([10, 20, 30], 1, 1, 3);
        Directory.CreateDirectory(At("chair/maps"));
        await File.WriteAllBytesAsync(At("chair/maps/wood grain.png"), picture);
        await File.WriteAllBytesAsync(At("outside.png"), picture);
        await File.WriteAllBytesAsync(At("chair/beside.png"), picture);
        await File.WriteAllTextAsync(
            At("chair/chair.mtl"), "newmtl wood\nmap_Kd maps\\wood grain.png\nmap_Ke C:\\work\\beside.png\nnewmtl iron\nPm 1\nmap_Kd ../outside.png\n");
        await File.WriteAllTextAsync(
            At("chair/chair.obj"), "mtllib chair.mtl gone.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nusemtl wood\nf 1 2 3\nusemtl iron\nf 3 2 1\n");

        Assert.Equal(0, await RunAsync("relight", At("chair/chair.obj"), "--out", At("r.png")));

        var header = (UploadHeader)_mesh.Asked[0];
        var glb = _mesh.Artifacts[((RelightRequest)_mesh.Asked[1]).AssetArtifactId];      // as it is: nothing processed it
        Assert.Equal(("chair.glb", glb.Length), (header.Name, header.ByteLength));
        var scene = Glb.ReadScene(glb, "sent");
        Assert.Equal([picture, null], scene.Materials.Select(material => material.BaseColorPng));
        Assert.Equal([picture, null], scene.Materials.Select(material => material.EmissivePng));
        Assert.Equal([0, 1], scene.Materials.Select(material => material.MetallicFactor));
        Assert.All(scene.Parts, part => Assert.NotNull(part.Mesh.Normals));               // sharp at creases
        Assert.Equal(
            ["gone.mtl does not lie with chair.obj; its materials are not taken.", "The picture ../outside.png is not there; its material goes without."],
            ErrorLines[^3..^1]);
    }

    [Fact]
    public async Task Obj_WithABrokenMaterialFile_IsToldWhere()
    {
        await File.WriteAllTextAsync(At("in.mtl"), "newmtl a\nPr rough\n");
        await File.WriteAllTextAsync(At("in.obj"), "mtllib in.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n");

        Assert.Equal((1, "mesh: in.mtl: line 2 has \"rough\" where a number is expected."), (await RunAsync("process", At("in.obj")), ErrorLines[^1]));
        Assert.Empty(_mesh.Asked);
    }

    [Fact]
    public async Task File_ThatIsRefused_IsToldInItsSentence()
    {
        _mesh.Refusal = new Status(StatusCode.InvalidArgument, "in.glb: it holds no face.");

        Assert.Equal((1, "mesh: in.glb: it holds no face."), (await RunAsync("process", At("in.glb")), ErrorLines[^1]));
    }

    [Fact]
    public async Task Interrupted_EndsTheWork_AndWritesNothing()
    {
        using var stop = new CancellationTokenSource();
        var ended = new TaskCompletionSource();
        _mesh.During = async cancel =>
        {
            using var registration = cancel.Register(ended.SetResult);
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancel);
        };

        var code = await CommandLineProgram.RunAsync(
            ["bake", At("in.glb"), "--out", At("b.glb"), "--gateway", _mesh.Address], _output, _error, stop.Token);

        Assert.Equal((130, "mesh: cancelled."), (code, ErrorLines[^1]));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(File.Exists(At("b.glb")));
    }

    [Theory]
    [InlineData("Name the file to work on; see `process --help`.", "process")]
    [InlineData("@none.glb cannot be read: there is no such file.", "process", "@none.glb")]
    [InlineData("@. cannot be read: it is a folder.", "process", "@.")]
    [InlineData("process takes one file; '@in.obj' is one too many.", "process", "@in.glb", "@in.obj")]
    [InlineData("--fast is no option of process; see `process --help`.", "process", "@in.glb", "--fast")]
    [InlineData("--decimate needs a value.", "process", "@in.glb", "--decimate")]
    [InlineData("--decimate is 'few'; it must be a whole number from 4 to 5000000.", "process", "@in.glb", "--decimate", "few")]
    [InlineData("--weld is '-1'; it must be a number from 0 to 1000.", "process", "@in.glb", "--weld", "-1")]
    [InlineData("--normals is '181'; it must be a number from 0 to 180.", "process", "@in.glb", "--normals", "181")]
    [InlineData("--out is missing; name the file to write, ending in .glb or .obj or .ply or .stl or .usdz.", "process", "@in.glb", "--repair")]
    [InlineData("--out is '@x.fbx'; it must end in .glb or .obj or .ply or .stl or .usdz.", "process", "@in.glb", "--out", "@x.fbx")]
    [InlineData("@no/x.glb cannot be written: the folder does not exist.", "process", "@in.glb", "--out", "@no/x.glb")]
    [InlineData("--pictures is 'fog'; it must be one of normals, positions, depth, inverse-depth, mask.", "controls", "@in.glb", "--pictures", "depth,fog")]
    [InlineData("--rig is 'v13'; it must be one of v12, v11.", "controls", "@in.glb", "--rig", "v13")]
    [InlineData("@none cannot be read: there is no such file.", "bake", "@in.glb", "--detail", "@none", "--out", "@b.glb")]
    [InlineData("--roughness is 'NaN'; it must be a number from 0 to 1.", "bake", "@in.glb", "--roughness", "NaN")]
    [InlineData("@none.hdr cannot be read: there is no such file.", "relight", "@in.glb", "--environment", "@none.hdr", "--out", "@r.png")]
    [InlineData("--bounces is for --paths alone; give both.", "relight", "@in.glb", "--bounces", "1", "--out", "@r.png")]
    [InlineData("--out is missing; name the file to write, ending in .png.", "relight", "@in.glb")]
    public async Task Arguments_ThatCannotBeUsed_AreRefusedBeforeAnythingIsSent(string sentence, params string[] arguments)
    {
        string InFolder(string text) => text.Replace("@", _directory + Path.DirectorySeparatorChar, StringComparison.Ordinal);

        var code = await RunAsync(["check", .. arguments.Select(InFolder)]);

        Assert.Equal((2, $"mesh: {InFolder(sentence)}"), (code, ErrorLines[^1]));
        Assert.Empty(_mesh.Asked);
        Assert.Equal(4, Directory.GetFiles(_directory).Length);
    }

    [Theory]
    [InlineData("usage: process FILE", "process", "--help")]
    [InlineData("usage: controls FILE", "controls", "-h")]
    [InlineData("usage: bake FILE", "bake", "in.glb", "--help")]
    [InlineData("usage: relight FILE", "relight", "--help")]
    [InlineData("usage: generate \"PROMPT\" [options]   one", "help")]
    public async Task Help_OfEachCommand(string start, params string[] arguments)
    {
        Assert.Equal(0, await CommandLineProgram.RunAsync(arguments, _output, _error, default));

        Assert.StartsWith(start, _output.ToString());
    }

    private string[] ErrorLines => _error.ToString().TrimEnd('\n').Split('\n');

    private string At(string name) => Path.Combine(_directory, name);

    private Task<int> RunAsync(params string[] arguments) =>
        CommandLineProgram.RunAsync([.. arguments, "--gateway", _mesh.Address], _output, _error, CancellationToken.None);
}
