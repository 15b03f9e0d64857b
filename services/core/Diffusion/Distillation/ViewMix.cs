namespace Realiz3D.Mesh.Diffusion;

/// <summary>A weight that falls with a share r: A exp(-B r) + C.</summary>
/// <param name="A">A.</param>
/// <param name="B">B.</param>
/// <param name="C">C.</param>
public sealed record ShiftedDecay(double A, double B, double C)
{
    /// <summary>The weight.</summary>
    /// <param name="share">r, 0 to 1.</param>
    /// <returns>A exp(-B r) + C.</returns>
    public double At(double share) => (A * Math.Exp(-B * share)) + C;
}

/// <summary>The curves by which views between two directions keep away from the neighbouring prompts.</summary>
/// <remarks>Defaults and formulas of threestudio's Perp-Neg; Armandpour et al. 2023, arXiv:2304.04968, section 4.</remarks>
/// <param name="SideFromBack">Away from "side", between side and back.</param>
/// <param name="FrontFromBack">Away from "front", between side and back.</param>
/// <param name="FrontFromSide">Away from "front", between front and side.</param>
/// <param name="SideFromFront">Away from "side", between front and side.</param>
public sealed record ViewMixCurves(
    ShiftedDecay SideFromBack, ShiftedDecay FrontFromBack, ShiftedDecay FrontFromSide, ShiftedDecay SideFromFront)
{
    /// <summary>threestudio's defaults.</summary>
    public static ViewMixCurves Published { get; } =
        new(new(1, 0.5, -0.606), new(1, 0.5, 0.967), new(4, 0.5, -2.426), new(4, 0.5, -2.426));
}

/// <summary>A view's prompt as a mixture of the embeddings of two directions, and what Perp-Neg keeps it away from.</summary>
/// <param name="Front">Share of "front".</param>
/// <param name="Side">Share of "side".</param>
/// <param name="Back">Share of "back".</param>
/// <param name="Overhead">Share of "overhead".</param>
/// <param name="FirstNegative">The first prompt to keep away from; none seen from above.</param>
/// <param name="SecondNegative">The second one.</param>
/// <param name="FirstWeight">Its weight, not positive where the view is well inside its quarter.</param>
/// <param name="SecondWeight">Weight of the second.</param>
public sealed record ViewMix(
    double Front,
    double Side,
    double Back,
    double Overhead,
    ViewDirection? FirstNegative,
    ViewDirection? SecondNegative,
    double FirstWeight,
    double SecondWeight)
{
    /// <summary>The mixture for a camera: linear in azimuth from front over side to back; only "overhead" above an elevation.</summary>
    /// <param name="azimuthDegrees">0 in front, any number of turns.</param>
    /// <param name="elevationDegrees">-90 to 90.</param>
    /// <param name="overheadDegrees">Overhead while the elevation is greater.</param>
    /// <param name="curves">Weights of the negatives; the published ones if not given.</param>
    /// <returns>The mixture.</returns>
    public static ViewMix At(
        float azimuthDegrees, float elevationDegrees, double overheadDegrees = 60, ViewMixCurves? curves = null)
    {
        curves ??= ViewMixCurves.Published;
        if (elevationDegrees > (float)overheadDegrees)
        {
            return new(0, 0, 0, 1, null, null, 0, 0);
        }

        var azimuth = Math.Abs(ViewDirections.Wrap(azimuthDegrees));
        var sideways = (double)(azimuth / 90);
        if (azimuth < 90)
        {
            var front = 1 - sideways;
            return new(
                front, sideways, 0, 0, ViewDirection.Front, ViewDirection.Left,
                -curves.FrontFromSide.At(front), -curves.SideFromFront.At(sideways));
        }

        var side = 2 - sideways;
        return new(
            0, side, 1 - side, 0, ViewDirection.Left, ViewDirection.Front,
            -curves.SideFromBack.At(side), -curves.FrontFromBack.At(side));
    }
}
