using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class SceneContractionTests
{
    [Fact]
    public void Contract_LeavesTheInsideAndFoldsTheOutside()
    {
        using var scope = NewDisposeScope();
        var x = tensor([0.3, -0.4, 0, 3, 0, 4, 0, -1000, 0], [3, 3]);

        // Length 5 becomes 2 - 1/5, length 1000 becomes 2 - 1/1000.
        AssertTensor.Close(
            tensor([0.3, -0.4, 0, 0.6 * 1.8, 0, 0.8 * 1.8, 0, -1.999, 0], [3, 3]), SceneContraction.Contract(x), 1e-12, 1e-12);
        AssertTensor.Close(
            tensor([0.3, -0.4, 0, 0.75 * 1.75, 0, 1.75, 0, -1.999, 0], [3, 3]), SceneContraction.Contract(x, cube: true), 1e-12, 1e-12);
        AssertTensor.Close(x, SceneContraction.Expand(SceneContraction.Contract(x)), 1e-9, 1e-12);
        AssertTensor.Close(x, SceneContraction.Expand(SceneContraction.Contract(x, cube: true), cube: true), 1e-9, 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Contract_Gradients_MatchCentralDifferences_AndAreFiniteAtTheOrigin(bool cube)
    {
        using var scope = NewDisposeScope();
        Gradients.Agree(x => SceneContraction.Contract(x, cube), Gradients.Uniform(1, -3, 3, 5, 3));

        var origin = zeros(1, 3, requires_grad: true);
        SceneContraction.Contract(origin, cube).sum().backward();
        Assert.Equal([1, 1, 1], AssertTensor.Values(origin.grad!));
    }

    [Fact]
    public void Covariances_FollowTheDerivativeOfTheMap()
    {
        using var scope = NewDisposeScope();
        var roots = Gradients.Uniform(2, -1, 1, 2, 3, 3);
        var covariances = roots.matmul(roots.transpose(-1, -2));
        var means = tensor([0.2, 0.1, -0.3, 1.5, -2, 0.7], [2, 3]);

        var columns = new List<Tensor>();
        for (var axis = 0; axis < 3; axis++)
        {
            var step = zeros(1, 3, dtype: ScalarType.Float64);
            step[0, axis] = 1e-6;
            columns.Add((SceneContraction.Contract(means + step) - SceneContraction.Contract(means - step)) / 2e-6);
        }

        var derivative = stack(columns, -1);
        AssertTensor.Close(
            derivative.matmul(covariances).matmul(derivative.transpose(-1, -2)),
            SceneContraction.Contract(means, covariances).Covariances, 1e-6, 1e-8);
    }
}
