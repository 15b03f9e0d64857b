using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class SurfaceFillTests
{
    [Fact]
    public void HarmonicFill_FlatSurface_GivesLinearFunctionsBack_WhateverTheTriangles()
    {
        var (mesh, inner) = Crumpled(24);
        Vector3 Linear(Vector3 p) => new((0.3f * p.X) + (0.2f * p.Y) + 0.1f, 0.7f - (0.4f * p.X), 0.5f * p.Y);
        Vector3[] places = [.. Enumerable.Range(0, mesh.VertexCount).Select(mesh.Position)];
        Vector3[] values = [.. places.Select((place, vertex) => inner[vertex] ? Vector3.Zero : Linear(place))];

        new HarmonicFill(places, mesh.Indices, Array.ConvertAll(inner, free => !free)).Solve(values);

        Assert.True(inner.Count(free => free) > 400);
        Assert.All(Enumerable.Range(0, places.Length), i => Assert.True(
            Vector3.Distance(Linear(places[i]), values[i]) < 1e-4, $"{values[i]} at {places[i]}"));
    }

    [Fact]
    public void HarmonicFill_SphereBetweenItsPoles_FollowsTheLogarithmOfTheTangent()
    {
        // Between two circles of latitude the harmonic function is linear in ln tan(theta / 2), theta from the pole.
        var sphere = TestMeshes.Sphere(1, 5);
        Vector3[] places = [.. Enumerable.Range(0, sphere.VertexCount).Select(sphere.Position)];
        float Exact(Vector3 p) => MathF.Log(MathF.Tan(MathF.Acos(p.Y) / 2));
        var free = Array.ConvertAll(places, place => Math.Abs(place.Y) < 0.8f);
        Vector3[] values = [.. places.Select((place, i) => free[i] ? Vector3.Zero : new Vector3(Exact(place)))];

        new HarmonicFill(places, sphere.Indices, Array.ConvertAll(free, f => !f)).Solve(values);

        Assert.All(Enumerable.Range(0, places.Length).Where(i => free[i]), i => Assert.Equal(Exact(places[i]), values[i].X, 0.003));
    }

    [Fact]
    public void SurfaceFill_PieceThatNoViewSaw_TakesTheMeanOfTheRest()
    {
        var (a, b) = (TestMeshes.Sphere(0.1, 3), TestMeshes.Sphere(0.1, 3));
        var two = new TriangleMesh(
            [.. a.Positions, .. b.Positions.Select((x, i) => i % 3 == 0 ? x + 1 : x)], [.. a.Indices, .. b.Indices.Select(i => i + a.VertexCount)]);
        var mesh = UvUnwrap.Unwrap(two with { Normals = two.AreaWeightedNormals() }, new UnwrapConfig(128, 4)).Mesh;
        var texels = new SurfaceTexels(mesh, mesh.Normals!, 128);
        var color = new Vector3(0.2f, 0.5f, 0.8f);

        var trusts = Array.ConvertAll(texels.Positions, place => place.X < 0.5 ? 1f : 0);
        var fill = new SurfaceFill(mesh, texels, trusts, trusts);
        fill.Update(Array.ConvertAll(texels.Positions, place => place.X < 0.5 ? color : Vector3.Zero));

        Assert.Contains(texels.Positions, place => place.X > 0.5);
        Assert.All(Enumerable.Range(0, texels.Pixels.Length), i => Assert.True(Vector3.Distance(color, fill.At(i)) < 1e-5));
    }

    // A square of unequal triangles, and which of its vertices lie well inside.
    private static (TriangleMesh Mesh, bool[] Inner) Crumpled(int side)
    {
        var random = new Random(2);
        var positions = new float[3 * (side + 1) * (side + 1)];
        var inner = new bool[(side + 1) * (side + 1)];
        for (var i = 0; i < inner.Length; i++)
        {
            var (x, y) = (i % (side + 1), i / (side + 1));
            inner[i] = x > 1 && y > 1 && x < side - 1 && y < side - 1;
            positions[3 * i] = (x + (inner[i] ? 0.6f * (random.NextSingle() - 0.5f) : 0)) / side;
            positions[(3 * i) + 1] = (y + (inner[i] ? 0.6f * (random.NextSingle() - 0.5f) : 0)) / side;
        }

        var indices = Enumerable.Range(0, side * side).SelectMany(i =>
        {
            var a = (i / side * (side + 1)) + (i % side);
            int[] square = [a, a + 1, a + side + 2, a + side + 1];
            return i % 2 == 0
                ? new[] { square[0], square[1], square[2], square[0], square[2], square[3] }
                : [square[0], square[1], square[3], square[1], square[2], square[3]];
        });
        return (new TriangleMesh(positions, [.. indices]), inner);
    }
}
