using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>What core glTF allows beyond plain accessors in the BIN chunk, and claims that no file can keep.</summary>
public sealed class GlbContentTests
{
    private const string TwoBuffers =
        """
        {"asset":{"version":"2.0"},"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0}],"meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],
        "accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3"}],"bufferViews":[{"buffer":1,"byteLength":36}],
        "buffers":[{"byteLength":4},{"byteLength":36,"uri":"URI"}]}
        """;

    private static readonly float[] s_moved = [5, 6, 7];

    // One index (1), padded, then one value (5, 6, 7).
    private static readonly byte[] s_sparse = [1, 0, 0, 0, .. MemoryMarshal.AsBytes<float>(s_moved)];

    [Theory]
    [InlineData("\"bufferView\":0,", new float[] { 0, 0, 0, 5, 6, 7, 0, 1, 0 })]
    [InlineData("", new float[] { 0, 0, 0, 5, 6, 7, 0, 0, 0 })] // without a view all elements are zero at first
    public void SparseAccessors_ReplaceElements(string view, float[] expected) =>
        Assert.Equal(expected, Read(RawGlb.Triangle(Sparse(), tail: s_sparse, view: view)).Positions);

    [Theory]
    [InlineData(1, 2, "more than their buffer views hold")]  // two elements of two bytes fit, two values do not
    [InlineData(1, 4, "replaces 4 of 3 elements")]
    [InlineData(1, 0, "replaces 0 of 3 elements")]
    [InlineData(3, 1, "replaces element 3 of 3")]
    public void SparseAccessors_AtFault_AreRefused(byte index, int count, string fault) =>
        Refused(RawGlb.Triangle(Sparse(count), tail: [index, .. s_sparse[1..]]), fault);

    [Fact]
    public void SparseAccessors_ClaimNoMoreThanTheFileHolds() =>
        Refused(RawGlb.Triangle(",\"count\":4000000" + Sparse(), tail: s_sparse, view: ""), "more than the file has bytes");

    [Fact]
    public void DataUris_AreRead_OthersAreNotFollowed()
    {
        float[] corners = [0, 0, 9, 1, 0, 9, 0, 1, 9];
        var data = Convert.ToBase64String(MemoryMarshal.AsBytes<float>(corners));
        byte[] With(string uri) => RawGlb.Of(TwoBuffers.Replace("URI", uri, StringComparison.Ordinal), new byte[4]);

        Assert.Equal(corners, Read(With("data:application/octet-stream;base64," + data)).Positions);
        Refused(With("data:application/octet-stream;base64," + data[..20] + "!"), "no sound base64");
        Refused(With("data:application/octet-stream;base64," + data[..20]), "claims 36 bytes, but 15 are there");
        Refused(With("data:,plain"), "is not followed");
        Refused(With("../../secret.bin"), "is not followed");
    }

    [Fact]
    public void Images_MayBeDataUris_AndManyMayNameOnePlace()
    {
        var png = Png.Write([1, 2, 3], 1, 1, 3);
        byte[] With(string images) => RawGlb.Triangle(
            root: ",\"images\":[" + images + "],\"textures\":[{\"source\":0},{\"source\":1}],"
                + "\"materials\":[{\"pbrMetallicRoughness\":{\"baseColorTexture\":{\"index\":0}},\"normalTexture\":{\"index\":1}}]",
            primitives: "{\"attributes\":{\"POSITION\":0},\"material\":0}", tail: png);

        var uri = $"{{\"uri\":\"data:image/png;base64,{Convert.ToBase64String(png)}\"}}";
        var material = Glb.Read(With(uri + ",{\"bufferView\":1}"), "memory").Material;
        Assert.Equal(png, material.BaseColorPng);
        Assert.Equal(png, material.NormalPng);

        material = Glb.Read(With("{\"bufferView\":1},{\"bufferView\":1}"), "memory").Material;
        Assert.Same(material.BaseColorPng, material.NormalPng);
        Refused(With("{\"uri\":\"file:///etc/passwd\"},{\"bufferView\":1}"), "images[0] lies outside the file");
    }

    [Theory]
    [InlineData("", GlbWrap.Repeat, null)]
    [InlineData(",\"samplers\":[{}]", GlbWrap.Repeat, null)]
    [InlineData(",\"samplers\":[{\"wrapS\":33648,\"magFilter\":9728}]", GlbWrap.MirroredRepeat, GlbFilter.Nearest)]
    [InlineData(",\"samplers\":[{\"wrapS\":33648.5}]", null, "\"wrapS\" must be a whole number")]
    [InlineData(",\"samplers\":[{\"wrapT\":10496}]", null, "\"wrapT\" is 10496, none of 10497, 33071, 33648")]
    [InlineData(",\"samplers\":[{\"magFilter\":9987}]", null, "\"magFilter\" is 9987, none of 9728, 9729")]
    [InlineData(",\"samplers\":[]", null, "samplers[0] does not exist")]
    public void Samplers_AreRead_WithDefaults(string samplers, GlbWrap? wrap, object? filterOrFault)
    {
        var png = Png.Write([1, 2, 3], 1, 1, 3);
        var named = samplers.Length > 0 ? ",\"sampler\":0" : "";
        var bytes = RawGlb.Triangle(
            root: samplers + ",\"images\":[{\"bufferView\":1}],\"textures\":[{\"source\":0" + named + "}],"
                + "\"materials\":[{\"normalTexture\":{\"index\":0}}]",
            primitives: "{\"attributes\":{\"POSITION\":0},\"material\":0}", tail: png);

        if (wrap is { } expected)
        {
            Assert.Equal(new GlbSampler(expected, MagFilter: (GlbFilter?)filterOrFault), Glb.Read(bytes, "memory").Material.Samplers.Normal);
        }
        else
        {
            Refused(bytes, (string)filterOrFault!);
        }
    }

    [Theory]
    [InlineData(",\"byteOffset\":9223372036854775807", "lies outside bufferViews[0]")]
    [InlineData(",\"byteOffset\":-1", "lies outside bufferViews[0]")]
    [InlineData(",\"byteOffset\":1", "lies outside bufferViews[0]")]
    [InlineData(",\"byteOffset\":\"0\"", "\"byteOffset\" must be a whole number")]
    [InlineData(",\"normalized\":1", "\"normalized\" must be true or false")]
    public void Accessors_OutsideTheirView_AreRefused(string accessor, string fault) => Refused(RawGlb.Triangle(accessor), fault);

    [Theory]
    [InlineData(",\"scene\":4294967296", "\"scene\" is 4294967296, and no index")]
    [InlineData(",\"scene\":1", "scenes[1] does not exist")]
    [InlineData(",\"extensionsRequired\":[\"X\"]", "requires the extension X")]
    [InlineData(",\"extensionsUsed\":\"X\"", "\"extensionsUsed\" must be a list")]
    [InlineData(",\"materials\":[{\"doubleSided\":1}]", "\"doubleSided\" must be true or false")]
    [InlineData(",\"materials\":[{\"emissiveFactor\":[1,2]}]", "\"emissiveFactor\" must be 3 finite numbers")]
    [InlineData(",\"materials\":[{\"normalTexture\":{}}]", "\"index\" is missing")]
    public void Faults_NameTheMember(string root, string fault) => Refused(RawGlb.Triangle(root: root), fault);

    [Fact]
    public void WhatIsNotRead_IsNamed()
    {
        const string LineAndFace = "{\"attributes\":{\"POSITION\":0},\"mode\":1},{\"attributes\":{\"POSITION\":0,\"COLOR_0\":0}}";

        var scene = Glb.ReadScene(RawGlb.Triangle(root: ",\"cameras\":[{}],\"extensionsUsed\":[\"X\"]", primitives: LineAndFace), "memory");

        Assert.Equal(1, Assert.Single(scene.Parts).Mesh.FaceCount);
        Assert.Equal(["\"cameras\"", "X", "the attribute COLOR_0", "what is made of points or lines"], scene.Unread);
        Refused(RawGlb.Triangle(primitives: "{\"attributes\":{\"POSITION\":0},\"mode\":0}"), "holds no triangle");
        Refused(RawGlb.Triangle(primitives: "{\"attributes\":{\"POSITION\":0},\"mode\":7}"), "only triangles");
    }

    [Fact]
    public void ManyNodesAndManyPrimitives_AreReadSoon_OrRefused()
    {
        var clock = Stopwatch.StartNew();
        var chain = string.Join(',', Enumerable.Range(1, 30_000).Select(i => $"{{\"children\":[{i}],\"translation\":[0,0,1]}}"));
        var json = TwoBuffers.Replace("{\"mesh\":0}", chain + ",{\"mesh\":0}", StringComparison.Ordinal)
            .Replace("URI", "data:;base64," + Convert.ToBase64String(new byte[36]), StringComparison.Ordinal);

        Assert.Equal(30_000, Read(RawGlb.Of(json, new byte[4])).Positions[2]);

        var many = string.Join(',', Enumerable.Repeat("{\"attributes\":{\"POSITION\":0}}", 1001));
        Refused(RawGlb.Triangle(primitives: many), "more than 1000 primitives", new GlbLimits(MaxNodes: 1000));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    private static string Sparse(int count = 1) =>
        $",\"sparse\":{{\"count\":{count},\"indices\":{{\"bufferView\":1,\"componentType\":5121}},\"values\":{{\"bufferView\":1,\"byteOffset\":4}}}}";

    private static TriangleMesh Read(byte[] bytes) => Glb.Read(bytes, "memory").Mesh;

    private static void Refused(byte[] bytes, string fault, GlbLimits? limits = null) => Assert.Contains(
        fault, Assert.Throws<MalformedFileException>(() => Glb.Read(bytes, "memory", limits)).Message, StringComparison.Ordinal);
}
