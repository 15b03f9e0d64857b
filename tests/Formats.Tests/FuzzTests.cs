using System.Diagnostics;
using System.Numerics;

namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>Whatever the bytes, reading ends soon, in something sound or in one sentence, and memory follows the limits.</summary>
public sealed class FuzzTests
{
    private const int Files = 1500;

    private static readonly ImageLimits s_images = new(MaxPixels: 1 << 18, MaxSide: 2048);
    private static readonly MeshLimits s_meshes = new(MaxVertices: 100_000, MaxFaces: 100_000);
    private static readonly GlbLimits s_scenes = new(MaxVertices: 100_000, MaxFaces: 100_000, MaxNodes: 1000, MaxTexels: 1 << 18) { Images = s_images };

    [Fact]
    public void Glb_HoldsOut() => Damage(
        m => m.Framed, [Glb.Write(Scene())], bytes => Assert.Null(Glb.Read(bytes, "damaged.glb", s_scenes).Mesh.Fault()));

    [Fact]
    public void Obj_HoldsOut() => Damage(
        m => m.Text, [Obj.Write(new GlbAsset(Solid(), new GlbMaterial()), "a")["a.obj"]], bytes => Assert.Null(Obj.Read(bytes, "damaged.obj", s_meshes).ToMesh().Fault()));

    [Fact]
    public void Mtl_HoldsOut() => Damage(
        m => m.Text, [Obj.Write(new GlbAsset(Solid(), new GlbMaterial(Picture())), "a")["a.mtl"]], bytes => Mtl.Read(bytes, "damaged.mtl", s_meshes));

    [Theory]
    [InlineData(PlyEncoding.Ascii)]
    [InlineData(PlyEncoding.BinaryLittleEndian)]
    [InlineData(PlyEncoding.BinaryBigEndian)]
    public void Ply_HoldsOut(PlyEncoding encoding) => Damage(
        m => m.Text, [Ply.Write(Solid(), encoding)], bytes => Assert.Null(Ply.Read(bytes, "damaged.ply", s_meshes).Mesh.Fault()));

    [Fact]
    public void Stl_HoldsOut() => Damage(
        m => m.Text, [Stl.Write(Solid()), Stl.WriteText(Solid())], bytes => Assert.Null(Stl.Read(bytes, "damaged.stl", s_meshes).Fault()));

    [Fact]
    public void Png_HoldsOut() => Damage(
        m => m.Summed,
        [Picture(), Png.WriteGray(Enumerable.Range(0, 64).Select(i => (ushort)(1000 * i)).ToArray(), 8, 8, 16), Png.WritePalette([0, 1, 1, 0], 2, 2, [1, 2, 3, 4, 5, 6])],
        bytes => Png.Read(bytes, "damaged.png", s_images).ToRgba());

    [Fact]
    public void Jpeg_HoldsOut() => Damage(m => m.Bytes, [Jpeg.Write(Photo())], bytes => Jpeg.Read(bytes, "damaged.jpg", s_images));

    [Fact]
    public void WebP_HoldsOut() => Damage(m => m.Bytes, [WebP.Write(Photo())], bytes => WebP.Read(bytes, "damaged.webp", s_images));

    [Fact]
    public void Hdr_HoldsOut() => Damage(
        m => m.Text,
        [Hdr.Write(new HdrImage(16, 8, [.. Enumerable.Range(0, 3 * 16 * 8).Select(i => MathF.Exp(i % 37 * 0.2f))]))],
        bytes => Assert.All(Hdr.Read(bytes, "damaged.hdr", s_images).Rgb, value => Assert.True(float.IsFinite(value) && value >= 0)));

    [Fact]
    public void SafeTensors_HoldOut() => Damage(
        m => m.Text,
        [SafeTensorsWriter.ToBytes(new Dictionary<string, TensorData> { ["a"] = TensorData.From([1f, 2, 3, 4], [2, 2]), ["b"] = TensorData.From([1L, 2], [2]) })],
        bytes =>
        {
            using var file = SafeTensorsFile.Parse(bytes, "damaged.safetensors");
            foreach (var (name, entry) in file.Tensors.Where(pair => pair.Value.Kind == ElementKind.F32))
            {
                Assert.Equal(entry.Shape.Aggregate(1L, (count, side) => count * side), file.ReadFloats(name).Length);
            }
        });

    private static void Damage(Func<Mutations, Func<byte[], byte[]>> how, byte[][] files, Action<byte[]> read)
    {
        var (refused, clock) = (0, new Stopwatch());
        for (var seed = 0; seed < Files; seed++)
        {
            var damaged = how(new Mutations(seed))(files[seed % files.Length]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            clock.Restart();

            var thrown = Record.Exception(() => read(damaged));

            Assert.True(thrown is null or MalformedFileException, $"Seed {seed}: {thrown}");
            Assert.False(thrown?.Message.Contains('\n', StringComparison.Ordinal) ?? false, $"Seed {seed}: {thrown?.Message}");
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20, $"Seed {seed} allocated more than 64 MiB.");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"Seed {seed} took {clock.Elapsed}.");
            refused += thrown is null ? 0 : 1;
        }

        Assert.InRange(refused, Files / 10, Files - 1); // damage is seen, and not all that was read is refused
    }

    private static TriangleMesh Solid()
    {
        var torus = TestSolids.Torus(1, 0.3, 7, 5);
        return TangentFrames.Of(torus with { Uvs = [.. Enumerable.Range(0, 2 * torus.VertexCount).Select(i => i % 11 / 11f)] });
    }

    private static byte[] Picture() => Png.Write(Enumerable.Range(0, 4 * 16 * 16).Select(i => (byte)(i * 7)).ToArray(), 16, 16, 4);

    private static PixelImage Photo() => new(16, 16, 3, [.. Enumerable.Range(0, 3 * 16 * 16).Select(i => (byte)(i * 5))]);

    private static GlbScene Scene() => new(
        [new GlbPart(Solid(), Matrix4x4.CreateRotationX(1), 0), new GlbPart(Solid(), Matrix4x4.CreateTranslation(1, 2, 3), 1)],
        [new GlbMaterial(Picture(), Picture()) { Ior = 1.3f, Clearcoat = new GlbClearcoat(0.5f) }, new GlbMaterial { Unlit = true }],
        new System.Text.Json.Nodes.JsonObject { ["provenance"] = 7 });
}
