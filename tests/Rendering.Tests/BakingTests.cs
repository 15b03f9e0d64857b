using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class BakingTests
{
    [Fact]
    public void SurfaceBaker_LinearField_StandsAtEachTexelsMiddle()
    {
        var square = Square(1, Matrix3x2.Identity);
        var asked = 0;

        var texture = SurfaceBaker.Bake(square, (places, normals) =>
        {
            asked += places.Length;
            Assert.All(normals, normal => Assert.Equal(Vector3.UnitZ, normal));
            return places;
        }, new SurfaceBakeConfig(16));

        Assert.Equal(256, asked);
        for (var texel = 0; texel < 256; texel++)
        {
            var expected = new Vector3((texel % 16 + 0.5f) / 16, 1 - ((texel / 16 + 0.5f) / 16), 0); // v runs down
            Assert.True(Vector3.Distance(expected, texture[texel]) < 1e-6, $"{texture[texel]} at {texel}");
        }
    }

    [Fact]
    public void SurfaceBaker_Parts_GiveTheMeanOfEachTexel()
    {
        // x^2 over [a, a + h]: its mean is a^2 + a h + h^2 / 3, that of two middles h^2 / 48 less.
        var texture = SurfaceBaker.Bake(
            Square(1, Matrix3x2.Identity), (place, _) => new Vector3(place.X * place.X, 0, 0), new SurfaceBakeConfig(8, SamplesPerSide: 2));

        for (var texel = 0; texel < 64; texel++)
        {
            var (a, h) = (texel % 8 / 8.0, 1 / 8.0);
            Assert.Equal((a * a) + (a * h) + (h * h / 3) - (h * h / 48), texture[texel].X, 1e-6);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(90, 1)]
    [InlineData(180, 1)]
    [InlineData(270, 1)]
    [InlineData(0, -1)]     // a mirrored texture
    [InlineData(90, -1)]
    public void NormalMap_PointsUpInThePicture_HoweverTheTextureLies(int degrees, int mirror)
    {
        // u and v of the square turned about its middle: what leans towards the picture's right and upper side must have more red and green.
        var turn = Matrix3x2.CreateScale(mirror, 1, new Vector2(0.5f))
            * Matrix3x2.CreateRotation(degrees * MathF.PI / 180, new Vector2(0.5f));
        var square = Square(1, turn);
        var lean = Vector3.Normalize(new Vector3(0.3f, 0.2f, 1));

        var map = NormalMapBaker.Bake(square, (_, _) => lean, new SurfaceBakeConfig(16));

        var right = Vector2.Normalize(Picture(turn, Vector2.UnitX) - Picture(turn, Vector2.Zero));
        var up = Vector2.Normalize(Picture(turn, Vector2.UnitY) - Picture(turn, Vector2.Zero));
        var picture = (lean.X * right) + (lean.Y * up); // in the texture, v upwards
        var expected = (new Vector3(picture.X, picture.Y, lean.Z) + Vector3.One) / 2;
        Assert.All(map, found => Assert.True(Vector3.Distance(expected, found) < 1e-5, $"{found}, expected {expected}"));
    }

    [Fact]
    public void NormalMap_ReadAsAViewerReadsIt_GivesTheDetailedNormalsBack()
    {
        // A sphere of 128 faces gets the normals of the true sphere.
        var coarse = TestMeshes.Sphere(0.4, 2);
        coarse = UvUnwrap.Unwrap(coarse with { Normals = coarse.AreaWeightedNormals() }, new UnwrapConfig(128, 4)).Mesh;
        var detail = new DetailSurface(TestMeshes.Sphere(0.4, 5), 0.1f);

        var map = NormalMapBaker.Bake(coarse, (place, normal) => detail.Beside(place, normal).Normal, new SurfaceBakeConfig(128));

        var (frames, flat) = (TangentFrames.Of(coarse), 0.0);
        var texels = new SurfaceTexels(frames, frames.Normals!, 128);
        for (var i = 0; i < texels.Pixels.Length; i++)
        {
            var shown = Shown(frames, texels, i, map);
            var truth = Vector3.Normalize(texels.Positions[i]);
            Assert.True(Vector3.Distance(shown, truth) < 0.02, $"{shown}, not {truth}"); // the fine sphere's faces are 0.03 rad wide
            flat = Math.Max(flat, Vector3.Distance(texels.Normals[i], truth));
        }

        Assert.True(flat > 0.05, $"{flat}: without the map nothing was wrong");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NormalMap_FromControls_GivesTheNormalsThatTheViewsSaw(bool cameraNormals)
    {
        // Views of a fine sphere onto one of 512 faces, which lies up to 6 mm inside it.
        var controls = new ControlRenderer(TestMeshes.Sphere(0.4, 5), CameraRig.Zero123PlusV12, 128, cameraNormals, separateRanges: false);
        for (var view = 0; view < CameraRig.Zero123PlusV12.Count; view++)
        {
            controls.Draw(view);
        }

        var coarse = TestMeshes.Sphere(0.4, 3);
        coarse = UvUnwrap.Unwrap(coarse with { Normals = coarse.AreaWeightedNormals() }, new UnwrapConfig(128, 4)).Mesh;
        var views = NormalViews.Of(controls.Finish());
        var seen = ViewBaker.Bake(coarse, views, new ViewBakeConfig(128, DilationTexels: 4, Corrections: 0, Lit: false, LevelSeams: false));

        var map = NormalMapBaker.Bake(coarse, seen);

        var frames = TangentFrames.Of(coarse);
        var texels = new SurfaceTexels(frames, frames.Normals!, 128);
        var looks = CameraRig.Zero123PlusV12.Select(camera => camera.Position()).Select(eye => new Vector3((float)eye[0], (float)eye[1], (float)eye[2])).ToArray();
        var count = 0;
        for (var i = 0; i < texels.Pixels.Length; i++)
        {
            var (shown, own) = (Shown(frames, texels, i, map), texels.Normals[i]);
            if (seen.Unseen![texels.Pixels[i]])
            {
                Assert.True(Vector3.Distance(shown, own) < 1e-3, $"{shown}, not the mesh's own {own}");
            }
            // Seen at less than 60 degrees: what the view has there lies farther along the fine sphere, as it is nearer to the camera;
            // half a pixel's footprint is 8 mm there, 0.02 rad.
            else if (looks.Max(eye => Vector3.Dot(own, Vector3.Normalize(eye - texels.Positions[i]))) is > 0.5f and var facing)
            {
                var along = (0.4 - texels.Positions[i].Length()) * Math.Tan(Math.Acos(facing)) / 0.4;
                var error = Vector3.Distance(shown, Vector3.Normalize(texels.Positions[i]));
                Assert.True(error < along + 0.02, $"{error} at cosine {facing}, {along} expected");
                count++;
            }
        }

        Assert.True(count > texels.Pixels.Length * 0.6, $"{count} of {texels.Pixels.Length}");
    }

    [Fact]
    public void DetailSurface_ThinWall_GivesTheSideThatIsMeant()
    {
        var (front, back) = (Square(1, Matrix3x2.Identity), Square(1, Matrix3x2.Identity));
        var wall = new TriangleMesh(
            [.. front.Positions.Select((x, i) => i % 3 == 2 ? 0.01f : x), .. back.Positions],
            [.. front.Indices, .. back.Indices.Chunk(3).SelectMany(face => new[] { face[0] + 4, face[2] + 4, face[1] + 4 })]);
        var detail = new DetailSurface(wall, 0.1f);

        // The place lies nearer to the other side.
        var (position, normal) = detail.Beside(new Vector3(0.5f, 0.5f, 0.008f), -Vector3.UnitZ);
        Assert.Equal((new Vector3(0.5f, 0.5f, 0), -Vector3.UnitZ), (position, normal));

        var far = new Vector3(0.5f, 0.5f, 0.2f);
        Assert.Equal((far, Vector3.UnitZ), detail.Beside(far, Vector3.UnitZ));
    }

    [Fact]
    public void UvLayout_SaysWhatCannotBeBakedInto()
    {
        var square = Square(1, Matrix3x2.Identity);

        Assert.Null(UvLayout.Fault(square, 32));
        Assert.Contains("no texture coordinates", UvLayout.Fault(square with { Uvs = null }, 32), StringComparison.Ordinal);
        Assert.Contains("leave 0 to 1", UvLayout.Fault(square with { Uvs = [0, 0, 2, 0, 1, 1, 0, 1] }, 32), StringComparison.Ordinal);
        Assert.Contains("leave 0 to 1", UvLayout.Fault(square with { Uvs = [0, 0, float.NaN, 0, 1, 1, 0, 1] }, 32), StringComparison.Ordinal);
        Assert.Contains("cover no texel", UvLayout.Fault(square with { Uvs = new float[8] }, 32), StringComparison.Ordinal);
        var twice = new TriangleMesh([.. square.Positions, .. square.Positions], [0, 1, 2, 4, 5, 6], [.. square.Uvs!, .. square.Uvs!]);
        Assert.Contains("more than one triangle", UvLayout.Fault(twice, 32), StringComparison.Ordinal);
    }

    // A texel of a normal map as a viewer reads it, in world coordinates.
    private static Vector3 Shown(TriangleMesh frames, SurfaceTexels texels, int i, Vector3[] map)
    {
        var tangent = Vector3.Zero;
        for (var corner = 0; corner < 3; corner++)
        {
            var vertex = frames.Indices[(3 * texels.Faces[i]) + corner];
            tangent += texels.Weights[i][corner] * new Vector3(frames.Tangents.AsSpan(4 * vertex, 3));
        }

        tangent = Vector3.Normalize(tangent);
        var bitangent = Vector3.Normalize(Vector3.Cross(texels.Normals[i], tangent)) * frames.Tangents![(4 * frames.Indices[3 * texels.Faces[i]]) + 3];
        var local = (2 * map[texels.Pixels[i]]) - Vector3.One;
        return Vector3.Normalize((local.X * tangent) + (local.Y * bitangent) + (local.Z * texels.Normals[i]));
    }

    // Where a place of the square lies in the picture, v upwards.
    private static Vector2 Picture(Matrix3x2 turn, Vector2 place)
    {
        var uv = Vector2.Transform(new Vector2(place.X, 1 - place.Y), turn);
        return new Vector2(uv.X, -uv.Y);
    }

    // [0, side]^2 in the plane z = 0, looking to +z; the texture lies on it upright, then turned.
    private static TriangleMesh Square(float side, Matrix3x2 turn)
    {
        Vector2[] corners = [Vector2.Zero, new(1, 0), Vector2.One, new(0, 1)];
        return new TriangleMesh(
            [.. corners.SelectMany(corner => new[] { side * corner.X, side * corner.Y, 0 })],
            [0, 1, 2, 0, 2, 3],
            [.. corners.Select(corner => Vector2.Transform(new Vector2(corner.X, 1 - corner.Y), turn)).SelectMany(uv => new[] { uv.X, uv.Y })]);
    }
}
