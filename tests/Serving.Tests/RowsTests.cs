using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving.Tests;

// On the CPU: rows run on threads of their own only there.
public sealed class RowsTests
{
    [Fact]
    public void RowThatFails_TakesTheOthersAlong()
    {
        var made = new ConcurrentBag<Tensor>();

        Assert.ThrowsAny<Exception>(() => Rows.Run(CPU, 4, (row, _) =>
        {
            if (row == 3)
            {
                Assert.True(SpinWait.SpinUntil(() => !made.IsEmpty, TimeSpan.FromSeconds(30)));
                throw new InvalidOperationException("out of memory");
            }

            var output = ones(1);
            made.Add(output);
            return output;
        }));

        Assert.All(made, output => Assert.True(output.IsInvalid));
    }
}
