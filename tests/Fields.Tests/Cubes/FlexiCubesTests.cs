using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class FlexiCubesTests
{
    [Theory]
    [InlineData(0b00000001, 1)]
    [InlineData(0b00001001, 2)]     // two corners across a face: apart
    [InlineData(0b10000001, 2)]     // two corners across the cube
    [InlineData(0b01101001, 4)]     // every other corner
    [InlineData(0b00001111, 1)]
    public void Cases_PartInsideCorners(int inside, int pieces)
    {
        Assert.Equal(pieces, DualCases.Pieces(inside).Length);
        Assert.Equal(
            DualCases.Edges.Count(edge => ((inside >> edge.A) & 1) != ((inside >> edge.B) & 1)),
            DualCases.Pieces(inside).SelectMany(piece => piece).Distinct().Count());
    }

    [Fact]
    public void Cases_ThatShareAFace_AreThePublished36_AndPartThereAsTheirComplement()
    {
        int[] shared = [.. Enumerable.Range(0, 256).Where(inside => DualCases.SharedFace(inside) >= 0)];

        Assert.Equal(36, shared.Length);
        Assert.All(shared, inside => Assert.Single(DualCases.Pieces(inside)));
        Assert.All(shared, inside => Assert.Equal(2, DualCases.Pieces(255 - inside).Length));
        Assert.All(shared, inside => Assert.Equal(-1, DualCases.SharedFace(255 - inside)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sphere_IsWatertightOutwardAndOfTheRightSize(bool training)
    {
        using var scope = NewDisposeScope();
        var grid = CubeGrid.Create(20, 22, 24, 0.5);
        var surface = Extract(grid, MarchingTetrahedraTests.Sphere(grid.Positions, 0.4), training);

        var check = Inspect(surface);
        Assert.True(check.Closed && check.Manifold && check.WindingConsistent);
        Assert.Equal(2, check.EulerCharacteristic);
        Assert.Equal(4 * Math.PI * 0.16, check.Area, 0.02);
        Assert.Equal(4.0 / 3 * Math.PI * 0.064, check.SignedVolume, 0.005);     // of second order: (cell / radius)^2 = 0.016
        Assert.InRange(surface.Deviations.mean().item<float>(), 0, 0.01f);
    }

    [Fact]
    public void RandomFields_StayManifold()
    {
        // White noise has every case and many ambiguous faces; values outside are positive, so that the surface closes.
        using var scope = NewDisposeScope();
        var grid = CubeGrid.Create(9, 9, 9, 0.5);
        var random = new Random(5);
        float[] values = [.. Enumerable.Range(0, 1000).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        for (var v = 0; v < values.Length; v++)
        {
            values[v] = v / 100 is 0 or 9 || v / 10 % 10 is 0 or 9 || v % 10 is 0 or 9 ? 1 : values[v];
        }

        var check = Inspect(Extract(grid, values, training: false));
        Assert.True(check.Closed && check.WindingConsistent);
        Assert.Equal(0, check.NonManifoldEdgeCount);
    }

    [Fact]
    public void Plane_IsMetExactly_WhateverTheWeights()
    {
        // A linear field's crossings lie in the plane, and so do all weighted means of them while alpha is 1.
        using var scope = NewDisposeScope();
        var grid = CubeGrid.Create(4, 4, 4, 0.5);
        var positions = tensor(grid.Positions, ScalarType.Float64).reshape(-1, 3);
        var field = positions.matmul(tensor([0.3, -0.7, 0.5])) + 0.06;
        var weights = new FlexiWeights(Beta: Gradients.Uniform(1, -2, 2, 64, 12), Gamma: Gradients.Uniform(2, -2, 2, 64));
        var topology = FlexiTopology.Of(grid.Cubes, [.. AssertTensor.Values(field).Select(value => (float)value)]);
        var surface = FlexiCubes.Extract(topology, field, positions, weights, training: true);

        var height = surface.Vertices.matmul(tensor([0.3, -0.7, 0.5])) + 0.06;
        Assert.InRange(height.abs().max().item<double>(), 0, 1e-8);      // the middles' weights have the published 1e-8 added
    }

    [Fact]
    public void Gradients_MatchCentralDifferences()
    {
        using var scope = NewDisposeScope();
        var grid = CubeGrid.Create(2, 3, 2, 0.5);
        var field = Gradients.Uniform(3, -1, 1, grid.Positions.Length / 3);
        var topology = FlexiTopology.Of(grid.Cubes, [.. AssertTensor.Values(field).Select(value => (float)value)]);
        var positions = tensor(grid.Positions, ScalarType.Float64).reshape(-1, 3);
        var (alpha, beta, gamma) = (Gradients.Uniform(4, -1, 1, 12, 8), Gradients.Uniform(5, -1, 1, 12, 12), Gradients.Uniform(6, -1, 1, 12));
        Tensor Of(Tensor values, Tensor places, FlexiWeights weights)
        {
            var surface = FlexiCubes.Extract(topology, values, places, weights, training: true);
            return cat([surface.Vertices.reshape(-1), surface.Deviations]);
        }

        Gradients.Agree(x => Of(x, positions, new(alpha, beta, gamma)), field, step: 1e-7);
        Gradients.Agree(x => Of(field, x, new(alpha, beta, gamma)), positions);
        Gradients.Agree(x => Of(field, positions, new(x, beta, gamma)), alpha);
        Gradients.Agree(x => Of(field, positions, new(alpha, x, gamma)), beta);
        Gradients.Agree(x => Of(field, positions, new(alpha, beta, x)), gamma);
    }

    [Fact]
    public void Of_NamesACubeWithoutValues() => Assert.Contains(
        "Cube 0 names vertex 7, but there are 7 values",
        Assert.Throws<ArgumentException>(() => FlexiTopology.Of(CubeGrid.Create(1, 1, 1, 1).Cubes, new float[7])).Message,
        StringComparison.Ordinal);

    private static FlexiSurface Extract(CubeGrid grid, float[] values, bool training) => FlexiCubes.Extract(
        FlexiTopology.Of(grid.Cubes, values), tensor(values), tensor(grid.Positions, [values.Length, 3]), new(), training);

    private static MeshInspection Inspect(FlexiSurface surface) => MeshInspection.Of(
        new TriangleMesh(
            surface.Vertices.cpu().data<float>().ToArray(),
            [.. surface.Faces.reshape(-1).cpu().data<long>().ToArray().Select(vertex => (int)vertex)]),
        weld: false);
}
