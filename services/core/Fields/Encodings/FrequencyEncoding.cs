using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>Positions as sines and cosines of rising frequency, of a point or averaged over a Gaussian round it.</summary>
/// <remarks>
/// <code>
/// point: sin(s f x), cos(s f x)          Gaussian of variance v: exp(-v f^2 / 2) times the same
/// </code>
/// First all sines, then all cosines. Sources: Mildenhall et al. 2020 (NeRF), arXiv:2003.08934, equation 4; Barron et al. 2021
/// (mip-NeRF), arXiv:2103.13415, equations 11 to 14. Two packages differ in scale s, order and the place of the input itself:
/// <see cref="Nerfstudio"/> and <see cref="MultiNerf"/>. As in nerfstudio, s scales the mean and not the variance.
/// </remarks>
public sealed class FrequencyEncoding
{
    private readonly double[] _frequencies;
    private readonly double _scale;
    private readonly bool _axisByAxis;
    private readonly InputPlace _input;

    private FrequencyEncoding(double[] frequencies, double scale, bool axisByAxis, InputPlace input) =>
        (_frequencies, _scale, _axisByAxis, _input) = (frequencies, scale, axisByAxis, input);

    private enum InputPlace
    {
        Absent,
        First,
        Last,
    }

    /// <summary>nerfstudio's: positions times 2 pi, all frequencies of one axis after the other, the input at the end.</summary>
    /// <param name="count">Frequencies.</param>
    /// <param name="leastExponent">log2 of the lowest frequency.</param>
    /// <param name="greatestExponent">log2 of the highest; the others lie between at equal ratios.</param>
    /// <param name="includeInput">Whether the position itself is appended.</param>
    /// <returns>The encoding.</returns>
    public static FrequencyEncoding Nerfstudio(int count, double leastExponent, double greatestExponent, bool includeInput)
    {
        var step = count > 1 ? (greatestExponent - leastExponent) / (count - 1) : 0;
        var frequencies = Enumerable.Range(0, count).Select(i => Math.Pow(2, leastExponent + (i * step)));
        return new([.. frequencies], 2 * Math.PI, axisByAxis: true, includeInput ? InputPlace.Last : InputPlace.Absent);
    }

    /// <summary>multinerf's: positions as they are, all axes of one frequency after the other, the input in front.</summary>
    /// <param name="leastDegree">log2 of the lowest frequency.</param>
    /// <param name="endDegree">One more than log2 of the highest; they double from one to the next.</param>
    /// <param name="includeInput">Whether the position itself is put in front.</param>
    /// <returns>The encoding.</returns>
    public static FrequencyEncoding MultiNerf(int leastDegree, int endDegree, bool includeInput)
    {
        var frequencies = Enumerable.Range(leastDegree, endDegree - leastDegree).Select(degree => Math.Pow(2, degree));
        return new([.. frequencies], 1, axisByAxis: false, includeInput ? InputPlace.First : InputPlace.Absent);
    }

    /// <summary>Width of the encoding of positions with the given number of axes.</summary>
    /// <param name="axes">D.</param>
    /// <returns>E.</returns>
    public int Width(int axes) => axes * ((2 * _frequencies.Length) + (_input == InputPlace.Absent ? 0 : 1));

    /// <summary>Encodes points.</summary>
    /// <param name="positions">[..., D].</param>
    /// <returns>[..., E]. The caller disposes it.</returns>
    public Tensor Encode(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var angles = Angles(positions);
        return WithInput([angles.sin(), angles.cos()], positions).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes Gaussians by the mean of the encoding over each.</summary>
    /// <param name="means">[..., D].</param>
    /// <param name="variances">Along each axis, the diagonal of the covariance, [..., D].</param>
    /// <returns>[..., E]. The caller disposes it.</returns>
    public Tensor EncodeIntegrated(Tensor means, Tensor variances)
    {
        using var scope = NewDisposeScope();
        var angles = Angles(means);
        var damping = (Spread(variances, _frequencies.Select(f => f * f)) * -0.5).exp();
        return WithInput([angles.sin() * damping, angles.cos() * damping], means).MoveToOuterDisposeScope();
    }

    private Tensor Angles(Tensor positions) => Spread(positions, _frequencies.Select(f => _scale * f));

    /// <summary>Each axis times each factor, in the encoding's order.</summary>
    private Tensor Spread(Tensor values, IEnumerable<double> factors)
    {
        var each = tensor(factors.ToArray(), dtype: values.dtype, device: values.device);
        return _axisByAxis
            ? (values.unsqueeze(-1) * each).flatten(-2)
            : (values.unsqueeze(-2) * each.unsqueeze(-1)).flatten(-2);
    }

    private Tensor WithInput(Tensor[] waves, Tensor input) => cat(
        _input switch
        {
            InputPlace.First => [input, .. waves],
            InputPlace.Last => [.. waves, input],
            _ => waves,
        },
        -1);
}
