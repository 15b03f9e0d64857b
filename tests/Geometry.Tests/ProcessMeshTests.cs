using Grpc.Core;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Shaping;
using Operation = Realiz3D.Mesh.Contracts.Shaping.V1.MeshOperation;
using WireFormat = Realiz3D.Mesh.Contracts.Shaping.V1.MeshFileFormat;

namespace Realiz3D.Mesh.Geometry.Tests;

/// <summary>Calls of <c>ProcessMesh</c> over loopback.</summary>
public sealed class ProcessMeshTests(RunningGeometry geometry) : IClassFixture<RunningGeometry>
{
    private static readonly TriangleMesh Torus = Solids.Torus(0.4, 0.15, 40, 20);

    [Fact]
    public async Task CheckOnly_CountsWhatThereIs_AndWritesNothing()
    {
        // Two cubes that pass through each other, the second without a side and with a face twice.
        var second = Solids.Cube(1, 0.5f, 0.5f, 0.5f);
        var mesh = Solids.Join(Solids.Cube(), second with { Indices = [.. second.Indices[6..], .. second.Indices[^3..]] });

        var answers = await geometry.ProcessAsync(new ProcessMeshRequest { MeshArtifactId = await geometry.PutAsync(mesh) });

        var result = answers[^1].Result;
        Assert.Equal(("", 0, WireFormat.Glb), (result.MeshArtifactId, result.Files.Count, result.SourceFormat));
        var check = result.Before;
        Assert.Equal((16, 23, 35, 2), (check.VertexCount, check.FaceCount, check.EdgeCount, check.ComponentCount));
        Assert.Equal((4, 1, 1, 3), (check.BoundaryEdgeCount, check.BoundaryLoopCount, check.DuplicateFaceCount, check.NonManifoldEdgeCount));
        Assert.False(check.Closed || check.Manifold || check.HasGenus);
        Assert.Equal(5 + 5.5 + 1, check.Area, 1e-6);
        Assert.Equal(SelfIntersections.Count(mesh), check.SelfIntersectionCount);
        Assert.True(check.SelfIntersectionCount > 0);
        Assert.Equal(check, result.After);
    }

    [Fact]
    public async Task Operations_RunInTheirOrder_AndReportTheirCounts()
    {
        // A soup with gaps, a crumb, a hole of four edges and one face turned over.
        var cube = Solids.Cube();
        int[] faces = [.. cube.Indices[6..]];
        (faces[0], faces[1]) = (faces[1], faces[0]);
        var random = new Random(3);
        var crumb = Solids.Cube(0.02f, 2);
        var solid = Solids.Join(cube with { Indices = faces }, crumb);
        float[] apart = [.. solid.Indices.SelectMany(index => solid.Positions[(3 * index)..((3 * index) + 3)]).Select(x => x + (float)(random.NextDouble() * 1e-4))];
        var soup = new TriangleMesh(apart, [.. Enumerable.Range(0, apart.Length / 3)]);

        var answers = await geometry.ProcessAsync(new ProcessMeshRequest
        {
            MeshArtifactId = await geometry.Store.PutAsync(Stl.Write(soup)),
            Operations =
            {
                new Operation { Weld = new WeldVertices { Tolerance = 1e-3 } },
                new Operation { Repair = new RepairMesh() },
                new Operation { Place = new PlaceMesh { LongestSide = 2 } },
            },
        });

        var result = answers[^1].Result;
        Assert.Equal(["weld", "repair", "place"], result.Reports.Select(report => report.Operation));
        Assert.Equal((66 - 16, 0), (result.Reports[0].Weld.MergedVertexCount, result.Reports[0].Weld.RemovedFaceCount));
        Assert.Equal(
            new RepairReport { FlippedFaceCount = 1, RemovedComponentCount = 1, FilledHoleCount = 1 }, result.Reports[1].Repair);
        Assert.Equal((8, 12), (result.Reports[2].VertexCount, result.Reports[2].FaceCount));
        Assert.Null(result.Reports[2].Repair);
        Assert.Equal((WireFormat.Stl, 22, false), (result.SourceFormat, result.Before.BoundaryLoopCount, result.Before.Closed));
        Assert.True(result.After is { Closed: true, Manifold: true, WindingConsistent: true, Genus: 0, SelfIntersectionCount: 0 });
        Assert.Equal(8, result.After.SignedVolume, 0.01);
        var mesh = Glb.Read(await geometry.Store.ReadAsync(result.MeshArtifactId), "mesh").Mesh;
        Assert.Equal(1, mesh.Positions.Max(), 1e-3);
        Assert.Equal(-1, mesh.Positions.Min(), 1e-3);
    }

    [Fact]
    public async Task Progress_CountsUp_AndShowsTheMeshAfterEachOperation()
    {
        var answers = await geometry.ProcessAsync(new ProcessMeshRequest
        {
            MeshArtifactId = await geometry.PutAsync(Torus),
            Operations = { new Operation { Smooth = new SmoothMesh { IterationCount = 2 } }, new Operation { Decimate = new DecimateMesh { FaceCount = 500 } } },
        });

        var progress = answers.SkipLast(1).Select(answer => answer.Progress).ToArray();
        Assert.Equal(progress.Select(p => p.Step).Order(), progress.Select(p => p.Step));
        Assert.Equal((0, 4), (progress[0].Step, progress[^1].Step));
        Assert.All(progress, p => Assert.Equal(4, p.StepCount));
        var shown = progress.Where(p => p.PreviewPng.Length > 0).ToArray();
        Assert.Equal(["checking the mesh", "smoothing the mesh", "decimating the mesh"], shown.Select(p => p.Message));
        Assert.All(shown, p => Assert.InRange(p.PreviewPng.Length, 500, 64 * 1024));
        Assert.All(shown, p => Assert.Equal(144, Png.Read(p.PreviewPng.Span, "preview").Width));
    }

    [Fact]
    public async Task Textures_StayWithTheirCoordinates_AndGoWithThem()
    {
        var picture = Png.Write([10, 20, 30], 1, 1, 3);
        var id = await geometry.PutAsync(Torus, new GlbMaterial(picture, RoughnessFactor: 0.25f));

        var kept = (await geometry.ProcessAsync(new ProcessMeshRequest
        {
            MeshArtifactId = id,
            Operations = { new Operation { Decimate = new DecimateMesh { FaceCount = 600 } } },
        }))[^1].Result;
        var gone = (await geometry.ProcessAsync(new ProcessMeshRequest
        {
            MeshArtifactId = id,
            Operations =
            {
                new Operation { Remesh = new RemeshMesh { FaceCount = 2000 } },
                new Operation { Unwrap = new UnwrapMesh { TextureSize = 256, PaddingTexels = 2 } },
                new Operation { Normals = new ComputeNormals() },
                new Operation { Tangents = new ComputeTangents() },
            },
        }))[^1].Result;

        var decimated = Glb.Read(await geometry.Store.ReadAsync(kept.MeshArtifactId), "mesh");
        Assert.False(kept.Reports[0].DropsTextures);
        Assert.Equal(600, kept.After.FaceCount);
        Assert.Equal((1, true), (kept.After.Genus, kept.After.Closed));
        Assert.Equal(picture, decimated.Material.BaseColorPng);
        Assert.All(decimated.Mesh.Uvs!.Chunk(2), uv => Assert.Contains(uv, Torus.Uvs!.Chunk(2)));

        var remeshed = Glb.Read(await geometry.Store.ReadAsync(gone.MeshArtifactId), "mesh");
        Assert.Equal([true, false, false, false], gone.Reports.Select(report => report.DropsTextures));
        Assert.Equal((null, 0.25f), (remeshed.Material.BaseColorPng, remeshed.Material.RoughnessFactor));
        Assert.Equal(Srgb.FromByte(20), remeshed.Material.BaseColorFactor.Y, 1e-6f);
        Assert.InRange(gone.After.FaceCount, 1400, 2600);
        Assert.Equal((1, true), (gone.After.Genus, gone.After.Closed));
        var stretch = TextureStretch.Of(remeshed.Mesh);
        Assert.Equal((stretch.L2, stretch.Worst), (gone.Reports[1].Unwrap.L2Stretch, gone.Reports[1].Unwrap.WorstStretch));
        Assert.InRange(gone.Reports[1].Unwrap.L2Stretch, 1, 1.3);
        Assert.InRange(gone.Reports[1].Unwrap.ChartCount, 2, 40);
        var tangents = TangentFrames.Of(remeshed.Mesh with { Tangents = null }).Tangents!;
        Assert.All(tangents.Zip(remeshed.Mesh.Tangents!), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [InlineData(WireFormat.Glb, new[] { "mesh.glb" })]
    [InlineData(WireFormat.Obj, new[] { "mesh.obj", "mesh.mtl", "mesh_basecolor.png" })]
    [InlineData(WireFormat.Ply, new[] { "mesh.ply" })]
    [InlineData(WireFormat.Stl, new[] { "mesh.stl" })]
    [InlineData(WireFormat.Usdz, new[] { "mesh.usdz" })]
    public async Task Format_WithoutOperations_Converts(WireFormat format, string[] names)
    {
        var id = await geometry.PutAsync(Torus, new GlbMaterial(Png.Write([10, 20, 30], 1, 1, 3)));

        var result = (await geometry.ProcessAsync(new ProcessMeshRequest { MeshArtifactId = id, Format = format }))[^1].Result;

        Assert.Equal(names, result.Files.Select(file => file.Name));
        Assert.Equal(result.MeshArtifactId, result.Files[0].ArtifactId);
        Assert.Empty(result.Reports);
        var bytes = await geometry.Store.ReadAsync(result.MeshArtifactId);
        if (format == WireFormat.Usdz)
        {
            Assert.Equal("PK"u8, bytes.AsSpan(0, 2));
            return;
        }

        var read = MeshFile.Read(bytes, "mesh").Asset.Mesh;
        Assert.Equal(Torus.Indices.Select(Torus.Position), read.Indices.Select(read.Position));
    }

    [Fact]
    public async Task Name_IsThatOfAllFiles_AndOfThoseThatTheyName()
    {
        var result = (await geometry.ProcessAsync(new ProcessMeshRequest
        {
            MeshArtifactId = await geometry.PutAsync(Torus), Format = WireFormat.Obj, Name = "chair-1",
        }))[^1].Result;

        Assert.Equal(["chair-1.obj", "chair-1.mtl"], result.Files.Select(file => file.Name));
        Assert.Contains("mtllib chair-1.mtl\n", System.Text.Encoding.ASCII.GetString(await geometry.Store.ReadAsync(result.MeshArtifactId)), StringComparison.Ordinal);
    }

    public static TheoryData<Operation, string> BadOperations => new()
    {
        { new Operation(), "operations[1]: one operation must be set." },
        { new Operation { Repair = new RepairMesh { SmallestComponent = 1.5 } }, "operations[1]: repair.smallest_component must be 0 to 1." },
        { new Operation { Repair = new RepairMesh { LongestHole = 1001 } }, "operations[1]: repair.longest_hole must be 0 to 1000." },
        { new Operation { Weld = new WeldVertices { Tolerance = -1 } }, "operations[1]: weld.tolerance must be 0, or 1e-9 to 1000." },
        { new Operation { Weld = new WeldVertices { Tolerance = double.NaN } }, "operations[1]: weld.tolerance must be 0, or 1e-9 to 1000." },
        { new Operation { Decimate = new DecimateMesh { FaceCount = 3 } }, "operations[1]: decimate.face_count must be 4 to 5000000." },
        { new Operation { Smooth = new SmoothMesh() }, "operations[1]: smooth.iteration_count must be 1 to 200." },
        { new Operation { Smooth = new SmoothMesh { IterationCount = 1, Strength = 0 } }, "operations[1]: smooth.strength must be above 0 to 1." },
        { new Operation { Remesh = new RemeshMesh() }, "operations[1]: remesh.edge_length or remesh.face_count must be set." },
        { new Operation { Remesh = new RemeshMesh { EdgeLength = 0 } }, "operations[1]: remesh.edge_length must be above 0 to 1000." },
        { new Operation { Remesh = new RemeshMesh { FaceCount = 15 } }, "operations[1]: remesh.face_count must be 16 to 1000000." },
        { new Operation { Remesh = new RemeshMesh { EdgeLength = 1e-5 } }, "remesh: edges of 1E-05 on" },
        { new Operation { Unwrap = new UnwrapMesh { TextureSize = 63 } }, "operations[1]: unwrap.texture_size must be 64 to 4096." },
        { new Operation { Unwrap = new UnwrapMesh { TextureSize = 64, PaddingTexels = 5 } }, "operations[1]: unwrap.padding_texels must be 0 to 4 for a texture of 64." },
        { new Operation { Normals = new ComputeNormals { CreaseDegrees = 181 } }, "operations[1]: normals.crease_degrees must be 0 to 180." },
        { new Operation { Place = new PlaceMesh { LongestSide = double.PositiveInfinity } }, "operations[1]: place.longest_side must be above 0 to 1000." },
        { new Operation { Tangents = new ComputeTangents() }, "tangents needs texture coordinates" },
        { new Operation { Weld = new WeldVertices { Tolerance = 10 } }, "weld leaves no face of the mesh." },
    };

    [Theory]
    [MemberData(nameof(BadOperations))]
    public async Task OperationThatCannotBe_IsRefused_WithItsFieldAndLimits(Operation operation, string reason) => await AssertRefusedAsync(
        new ProcessMeshRequest
        {
            MeshArtifactId = await geometry.PutAsync(Solids.Cube()),
            Operations = { new Operation { Smooth = new SmoothMesh { IterationCount = 1 } }, operation },
        },
        reason);

    [Fact]
    public async Task RequestThatCannotBe_IsRefused()
    {
        var id = await geometry.PutAsync(Torus);
        await AssertRefusedAsync(new ProcessMeshRequest { MeshArtifactId = "../etc" }, "mesh_artifact_id must be 64");
        await AssertRefusedAsync(new ProcessMeshRequest { MeshArtifactId = new string('b', 64) }, "There is no artifact", StatusCode.NotFound);
        await AssertRefusedAsync(new ProcessMeshRequest { MeshArtifactId = await geometry.Store.PutAsync(new byte[100]) }, "mesh: the mesh is neither GLB nor OBJ");
        await AssertRefusedAsync(new ProcessMeshRequest { MeshArtifactId = id, Name = "../a" }, "name must have at most 64 of A-Z");
        await AssertRefusedAsync(new ProcessMeshRequest { MeshArtifactId = id, Name = new string('a', 65) }, "name must have at most 64 of A-Z");
        await AssertRefusedAsync(new ProcessMeshRequest { MeshArtifactId = id, Format = WireFormat.Unspecified }, "format must be MESH_FILE_FORMAT_GLB");
        var many = new ProcessMeshRequest { MeshArtifactId = id };
        many.Operations.AddRange(Enumerable.Repeat(new Operation { Place = new PlaceMesh() }, 17));
        await AssertRefusedAsync(many, "operations must be at most 16.");
        await AssertRefusedAsync(
            new ProcessMeshRequest { MeshArtifactId = id, Format = WireFormat.Ply, Operations = { new Operation { Tangents = new ComputeTangents() } } },
            "operations[0]: only a GLB holds tangents");
    }

    [Fact]
    public async Task TooLong_OrTooLarge_IsSaidInOneSentence()
    {
        var id = await geometry.Store.PutAsync(Stl.Write(Solids.Torus(0.4, 0.15, 200, 100)));
        var job = new ProcessJob(id, [new Shaping.MeshOperation.Smooth(100_000, 0.5)], Formats.MeshFormat.Glb);

        var slow = await Assert.ThrowsAsync<MeshOperationException>(() => RunAsync(
            new ProcessPipeline(geometry.Store, new ProcessLimits(new MeshLimits(), TimeSpan.FromSeconds(2))), job, CancellationToken.None));
        var large = await Assert.ThrowsAsync<MalformedFileException>(() => RunAsync(
            new ProcessPipeline(geometry.Store, new ProcessLimits(new MeshLimits(MaxFaces: 39_999))), job, CancellationToken.None));

        Assert.StartsWith("Processing took longer than 2 s, the last of it ", slow.Message, StringComparison.Ordinal);
        Assert.Equal("mesh: 40000 triangles; at most 39999 are read.", large.Message);
    }

    [Fact]
    public async Task Cancelled_InsideAStep_Stops()
    {
        var id = await geometry.PutAsync(Solids.Torus(0.4, 0.15, 100, 50));
        var job = new ProcessJob(id, [new Shaping.MeshOperation.Smooth(10_000_000, 0.5)], Formats.MeshFormat.Glb); // hours
        using var cancel = new CancellationTokenSource();
        var pipeline = new ProcessPipeline(geometry.Store, new ProcessLimits(new MeshLimits()));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(pipeline, job, cancel.Token, seen =>
        {
            if (seen is GeometryUpdate.Progress { Done: 1 })
            {
                cancel.CancelAfter(200); // smoothing begins next
            }
        }));
    }

    private static async Task RunAsync(ProcessPipeline pipeline, ProcessJob job, CancellationToken cancel, Action<GeometryUpdate>? see = null)
    {
        await foreach (var update in pipeline.RunAsync(job, cancel))
        {
            see?.Invoke(update);
        }
    }

    private async Task AssertRefusedAsync(ProcessMeshRequest request, string reason, StatusCode code = StatusCode.InvalidArgument)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => geometry.ProcessAsync(request));

        Assert.Equal((code, reason), (failure.StatusCode, failure.Status.Detail[..Math.Min(reason.Length, failure.Status.Detail.Length)]));
    }
}
