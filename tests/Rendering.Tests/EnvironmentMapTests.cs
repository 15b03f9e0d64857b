using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class EnvironmentMapTests
{
    [Fact]
    public void Overcast_HasTheIrradianceOfTheCieSky()
    {
        // The horizontal irradiance of L = (1 + 2 sin) / 3 over the upper half is 7 pi / 9.
        var map = EnvironmentMap.Of(StudioEnvironments.Find("overcast")!.Radiance, 64);

        var irradiance = Irradiance(map, Vector3.UnitY);

        Assert.Equal(1.3 * 0.98 * 7 * Math.PI / 9, irradiance.Y, 0.01);
        Assert.Equal(0.94 / 0.98, irradiance.X / irradiance.Y, 1e-2);
    }

    [Fact]
    public void Of_HoldsTheMeanOverEachTexel()
    {
        // L = x^2: its mean over the sphere is 1/3, over a face +x of the cube more than over +y; summed with solid angles it is exact.
        var map = EnvironmentMap.Of(d => new Vector3(d.X * d.X), 8);

        var angles = CubeMap.SolidAngles(8);
        var total = Enumerable.Range(0, 6 * 64).Sum(texel => map.Texels[3 * texel] * angles[texel % 64]);
        Assert.Equal(4 * Math.PI / 3, total, 2e-3);
    }

    [Fact]
    public void HdrPicture_ThatIsConstant_StaysSo_AndOfASmoothFunctionGivesIt()
    {
        var flat = EnvironmentMap.Of(Picture(64, 32, _ => 0.7f), 16);
        Assert.All(flat.Texels, texel => Assert.Equal(0.7f, texel, 1e-6f));

        var smooth = EnvironmentMap.Of(Picture(256, 128, d => 1 + (0.5f * d.X) - (0.3f * d.Y) + (0.2f * d.Z)), 32);
        var expected = EnvironmentMap.Of(d => new Vector3(1 + (0.5f * d.X) - (0.3f * d.Y) + (0.2f * d.Z)), 32);
        Assert.All(smooth.Texels.Zip(expected.Texels), pair => Assert.Equal(pair.Second, pair.First, 2e-3f));
    }

    [Theory]
    [InlineData(0.9, 0.1, 256)]
    [InlineData(0.33, 0.5, 256)]
    [InlineData(0.5, 0.97, 1024)]       // beside a pole, where pixels are narrow
    public void HdrPicture_WithALampOfOnePixel_KeepsItsEnergyAndPlace(double u, double v, int width)
    {
        var (column, row) = ((int)(u * width), (int)(v * width / 2));
        var picture = new HdrImage(width, width / 2, new float[3 * width * width / 2]);
        picture.Rgb[3 * ((row * width) + column)] = 1000;
        var (top, bottom) = (Math.Cos(row * 2 * Math.PI / width), Math.Cos((row + 1) * 2 * Math.PI / width));
        var energy = 1000 * 2 * Math.PI / width * (top - bottom);

        var map = EnvironmentMap.Of(picture, 16);

        var angles = CubeMap.SolidAngles(16);
        var total = Enumerable.Range(0, 6 * 256).Sum(texel => map.Texels[3 * texel] * angles[texel % 256]);
        Assert.InRange(total, 0.97 * energy, 1.03 * energy);
        var brightest = Enumerable.Range(0, 6 * 256).MaxBy(texel => map.Texels[3 * texel]);
        var (x, y, z) = CubeTexels.Direction(brightest / 256, ((brightest % 16) + 0.5) / 8 - 1, ((brightest / 16 % 16) + 0.5) / 8 - 1);
        var (sine, cosine) = Math.SinCos((v * Math.PI) - (Math.PI / 2));
        var azimuth = (u - 0.5) * 2 * Math.PI;
        var lamp = new Vector3((float)(cosine * Math.Sin(azimuth)), (float)-sine, (float)(-cosine * Math.Cos(azimuth)));
        Assert.True(Vector3.Dot(Vector3.Normalize(new((float)x, (float)y, (float)z)), lamp) > 0.99);
    }

    [Fact]
    public void Halve_KeepsTheLightOfEachRow()
    {
        // One bright pixel in the row at the pole, one below it: both keep radiance x solid angle.
        foreach (var row in new[] { 0, 1 })
        {
            var picture = new HdrImage(8, 4, new float[96]);
            picture.Rgb[3 * ((8 * row) + 3)] = 1;
            var cosines = new[] { 1, Math.Sqrt(0.5), 0 };

            var half = LatLongImage.Halve(picture);

            Assert.Equal((4, 2), (half.Width, half.Height));
            Assert.Equal((cosines[row] - cosines[row + 1]) * 2 * Math.PI / 8, half.Rgb[3] * 2 * Math.PI / 4, 1e-6);
            Assert.Equal(1, half.Rgb.Count(value => value > 0));
        }
    }

    [Fact]
    public void Rotation_MovesALampToAGreaterAzimuth_AndExposureIsInStops()
    {
        var lamp = Vector3.Normalize(new Vector3(0.4f, 0.3f, 0.9f));    // before +z, a little towards +x
        Vector3 Lamp(Vector3 d) => new(MathF.Exp(20 * (Vector3.Dot(d, lamp) - 1)));
        var before = EnvironmentMap.Of(Lamp, 16);

        var turned = EnvironmentMap.Of(Lamp, 16, new EnvironmentPlacement(90, 2));

        // Azimuth 90 is +x: face 0 now shows what face 4 showed, four times as bright; what was towards +x is towards -z.
        Assert.All(Enumerable.Range(0, 16 * 16 * 3), i => Assert.Equal(4 * before.Texels[(4 * 768) + i], turned.Texels[i], 1e-4f));
    }

    [Fact]
    public void StudioEnvironments_AreFourWithLightWhereTheyShould()
    {
        Assert.Equal(["white", "softbox", "overcast", "sunset"], StudioEnvironments.All.Select(environment => environment.Name));
        Assert.Null(StudioEnvironments.Find("SUNSET"));
        var softbox = StudioEnvironments.Find("softbox")!.Radiance;
        var key = (float)Math.Sqrt(0.5) * (float)Math.Cos(40 * Math.PI / 180);
        Assert.Equal(14 + 0.25 + (0.25 * Math.Sin(40 * Math.PI / 180)), softbox(new Vector3(key, (float)Math.Sin(40 * Math.PI / 180), key)).X, 1e-4);
        Assert.Equal(0, softbox(-Vector3.UnitY).X, 1e-6);
        Assert.All(StudioEnvironments.All, environment => Assert.All(
            EnvironmentMap.Of(environment.Radiance, 16).Texels, texel => Assert.InRange(texel, 0, 100)));
    }

    [Fact]
    public void ReadHdr_RefusesWhatIsNoSphere()
    {
        var square = Hdr.Write(new HdrImage(8, 8, new float[192]));
        var problem = Assert.Throws<MalformedFileException>(() => EnvironmentMap.ReadHdr(square, "sky.hdr"));
        Assert.Contains("twice as wide", problem.Message, StringComparison.Ordinal);
        Assert.Equal(16, EnvironmentMap.ReadHdr(Hdr.Write(new HdrImage(16, 8, new float[384])), "sky.hdr").Width);
    }

    private static HdrImage Picture(int width, int height, Func<Vector3, float> light)
    {
        var picture = new HdrImage(width, height, new float[3 * width * height]);
        for (var pixel = 0; pixel < width * height; pixel++)
        {
            var (azimuth, down) = (((((pixel % width) + 0.5) / width) - 0.5) * 2 * Math.PI, ((pixel / width) + 0.5) / height * Math.PI);
            var direction = new Vector3((float)(Math.Sin(down) * Math.Sin(azimuth)), (float)Math.Cos(down), (float)(-Math.Sin(down) * Math.Cos(azimuth)));
            picture.Rgb.AsSpan(3 * pixel, 3).Fill(light(direction));
        }

        return picture;
    }

    private static Vector3 Irradiance(EnvironmentMap map, Vector3 normal)
    {
        var angles = CubeMap.SolidAngles(map.Size);
        var sum = Vector3.Zero;
        for (var texel = 0; texel < 6 * angles.Length; texel++)
        {
            var (column, row) = (texel % map.Size, texel / map.Size % map.Size);
            var (x, y, z) = CubeTexels.Direction(texel / angles.Length, ((2 * column) + 1.0) / map.Size - 1, ((2 * row) + 1.0) / map.Size - 1);
            var cosine = Vector3.Dot(Vector3.Normalize(new((float)x, (float)y, (float)z)), normal);
            sum += new Vector3(map.Texels.AsSpan(3 * texel, 3)) * (float)(Math.Max(0, cosine) * angles[texel % angles.Length]);
        }

        return sum;
    }
}
