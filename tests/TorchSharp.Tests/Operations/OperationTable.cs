namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

/// <summary>Every operation, its inputs and its formula.</summary>
internal static partial class OperationTable
{
    /// <summary>All rows.</summary>
    public static IEnumerable<Operation> All =>
    [
        .. Pointwise(), .. Steps(), .. Activations(), .. Arithmetic(), .. Comparisons(), .. Pairs(), .. Products(), .. Matrices(),
        .. Reductions(), .. Statistics(), .. Orders(), .. Shapes(), .. Pieces(), .. Joins(), .. Places(), .. Indices(),
        .. Factories(), .. Conversions(), .. Layers(), .. Norms(), .. Convolutions(), .. Pools(), .. Samplings(), .. Losses(),
    ];
}
