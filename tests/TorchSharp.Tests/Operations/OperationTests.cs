using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

/// <summary>Every row of the table by value and by gradient, and no operation without a row.</summary>
public sealed class OperationTests
{
    // Values in doubles differ from the formula by rounding; differences over 2e-6 carry an error of about 1e-9.
    private const double ValueTolerance = 1e-9;
    private const double GradientTolerance = 2e-6;
    private const double Nudge = 1e-6;

    private static readonly Operation[] s_table = [.. OperationTable.All];

    /// <summary>What is no computation: who owns a tensor, what leaves the graph, and what only a GPU has.</summary>
    private static readonly string[] s_elsewhere =
    [
        "Tensor.MoveToOuterDisposeScope", "Tensor.DetachFromDisposeScope", "Tensor.get_grad", "Tensor.requires_grad_", "Tensor.cuda", "Tensor.pin_memory",
        "Tensor.set_", "torch.from_file",
    ];

    public static TheoryData<string, int, int> Rows()
    {
        var rows = new TheoryData<string, int, int>();
        for (var row = 0; row < s_table.Length; row++)
        {
            for (var spelling = 0; spelling < s_table[row].Calls.Length; spelling++)
            {
                rows.Add(Coverage.Last(s_table[row].Spellings[spelling].Method) is { } covered ? Coverage.Describe(covered) : "nothing", row, spelling);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Operation_MatchesItsFormula_AndItsCentralDifferences(string name, int row, int spelling)
    {
        using var scope = NewDisposeScope();
        var operation = s_table[row];
        Tensor[] leaves = [.. operation.Inputs.Select(input => input.ToTensor(operation.Smooth && input.Type == ScalarType.Float64))];

        // Copies, so that operations in place may write into them.
        Tensor[] given = [.. leaves.Select(leaf => leaf.clone())];
        var outputs = operation.Calls[spelling](given);
        var expected = operation.Formula(operation.Inputs);
        Assert.Equal(expected.Length, outputs.Length);
        for (var i = 0; i < outputs.Length; i++)
        {
            Assert.Equal(expected[i].Type, outputs[i].dtype);
            AssertTensor.Close(expected[i].ToTensor(), outputs[i], ValueTolerance, ValueTolerance, $"{name} output {i}");
        }

        if (Coverage.Last(operation.Spellings[spelling].Method)!.Name is [.., not '_', '_'])
        {
            AssertTensor.Equal(outputs[0], given[0], $"{name} in place");
        }

        if (operation.Smooth)
        {
            CompareGradients(name, operation, leaves, outputs);
        }
    }

    [Fact]
    public void EveryPublicOperation_HasARow()
    {
        HashSet<(System.Reflection.Module, int)> covered = [];
        foreach (var spelling in s_table.SelectMany(operation => operation.Spellings).Concat(RandomTable.Spellings))
        {
            var called = Coverage.Last(spelling.Method);
            Assert.True(called is not null, $"{spelling.Method.Name} in {spelling.Method.DeclaringType} calls no operation.");
            covered.Add(Coverage.Key(called));
        }

        string[] missing =
        [
            .. Coverage.Operations
                .Where(operation => !covered.Contains(Coverage.Key(operation))
                    && !(Coverage.ForwardsTo(operation) is { } target && covered.Contains(Coverage.Key(target)))
                    && !s_elsewhere.Contains($"{operation.DeclaringType!.Name}.{operation.Name}"))
                .Select(Coverage.Describe)
                .Order(StringComparer.Ordinal),
        ];
        Assert.True(missing.Length == 0, $"{missing.Length} operations without a row:\n{string.Join('\n', missing)}");
    }

    [Fact]
    public void Exceptions_OfTheTable_AreOperations() =>
        Assert.All(s_elsewhere, name => Assert.Contains(Coverage.Operations, operation => name == $"{operation.DeclaringType!.Name}.{operation.Name}"));

    // One number out of all outputs by fixed weights; its derivative by every input element.
    private static void CompareGradients(string name, Operation operation, Tensor[] leaves, Tensor[] outputs)
    {
        Tensor[] real = [.. outputs.Where(output => output.requires_grad)];
        Assert.NotEmpty(real);
        Tensor[] wanted = [.. leaves.Where(leaf => leaf.requires_grad)];
        var weights = Enumerable.Range(0, outputs.Length)
            .Select(i => Dense.Real(-1, 1, [.. outputs[i].shape.Select(extent => (int)extent)]).Map(weight => weight + (0.3 * (i + 1)))).ToArray();
        Tensor[] seeds = [.. outputs.Select((output, i) => (output, i)).Where(pair => pair.output.requires_grad).Select(pair => weights[pair.i].ToTensor().to(pair.output.device))];
        var gradients = autograd.grad(real, wanted, seeds, allow_unused: true);

        var next = 0;
        for (var input = 0; input < leaves.Length; input++)
        {
            if (!leaves[input].requires_grad)
            {
                continue;
            }

            var numbers = operation.Inputs[input];
            var differences = Enumerable.Range(0, numbers.Count).Select(place =>
                (Total(place, Nudge) - Total(place, -Nudge)) / (2 * Nudge)).ToArray();
            var gradient = gradients[next++] ?? zeros_like(leaves[input]);
            AssertTensor.Close(new Dense(numbers.Shape, differences).ToTensor(), gradient, GradientTolerance, GradientTolerance, $"{name} gradient {input}");

            double Total(int place, double by)
            {
                Dense[] moved = [.. operation.Inputs];
                moved[input] = numbers.With(place, numbers.Values[place] + by);
                return operation.Formula(moved).Select((output, i) => outputs[i].requires_grad ? output.Values.Zip(weights[i].Values, (a, b) => a * b).Sum() : 0).Sum();
            }
        }
    }
}
