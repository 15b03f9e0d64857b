using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The ranges to which the depth of controls is scaled.</summary>
internal static class DepthRanges
{
    /// <summary>Runs of pixels that share a range, all views together or each by itself, and their least and greatest depth.</summary>
    /// <remarks>Runs that see nothing are left out.</remarks>
    public static IEnumerable<(Range Pixels, double Near, double Far)> Of(ControlSet set)
    {
        var step = set.Frame.SeparateRanges ? set.Size * set.Size : set.Depth.Length;
        for (var start = 0; start < set.Depth.Length; start += step)
        {
            var (near, far) = (double.PositiveInfinity, 0.0);
            for (var i = start; i < start + step; i++)
            {
                if (set.Mask[i] == 1)
                {
                    (near, far) = (Math.Min(near, set.Depth[i]), Math.Max(far, set.Depth[i]));
                }
            }

            if (far > 0)
            {
                yield return (start..(start + step), near, far);
            }
        }
    }
}
