using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A perspective camera on a sphere around the origin, looking at the origin, with square images.</summary>
/// <remarks>
/// World: glTF's frame, right-handed, +Y up. With azimuth a, elevation e and radius r the eye stands at
/// <code>r (cos e sin a, sin e, cos e cos a)</code>
/// so that azimuth 0 looks at the front (+Z) and grows towards +X. The camera looks along its own -Z with +Y up; its
/// right-hand axis is (cos a, 0, -sin a), which also holds at the poles. Image: origin top left, pixel centres at +0.5.
/// Matrices are 4 x 4, row-major, and act on columns.
/// </remarks>
/// <param name="AzimuthDegrees">Angle round the vertical axis, in degrees.</param>
/// <param name="ElevationDegrees">Angle above the horizon, in degrees, -90 to 90.</param>
/// <param name="Radius">Distance of the eye from the origin, above 0.</param>
/// <param name="FieldOfViewDegrees">Full opening angle of the image, in degrees, the same across and down.</param>
public sealed record Camera(double AzimuthDegrees, double ElevationDegrees, double Radius, double FieldOfViewDegrees)
{
    /// <summary>The camera of a stored view.</summary>
    /// <param name="view">The view's camera.</param>
    public static Camera Of(ViewCamera view) =>
        new(view.AzimuthDegrees, view.ElevationDegrees, view.Radius, view.FieldOfViewDegrees);

    /// <summary>The camera as it is stored with its view.</summary>
    public ViewCamera ToView() => new(AzimuthDegrees, ElevationDegrees, Radius, FieldOfViewDegrees);

    /// <summary>Nearest depth that is drawn: one unit before the origin, at least a hundredth of the radius.</summary>
    public double Near => Math.Max(Radius - 1, 0.01 * Radius);

    /// <summary>Farthest depth that is drawn: one unit behind the origin.</summary>
    public double Far => Radius + 1;

    /// <summary>Half the image's width at distance 1: tan(fov / 2).</summary>
    public double HalfExtent => Math.Tan(FieldOfViewDegrees * Math.PI / 360);

    /// <summary>The eye in world coordinates, [3].</summary>
    public double[] Position()
    {
        var (_, _, back) = Axes();
        return [Radius * back[0], Radius * back[1], Radius * back[2]];
    }

    /// <summary>World to camera coordinates, [4, 4].</summary>
    public double[] WorldToCamera()
    {
        var (right, up, back) = Axes();
        return
        [
            right[0], right[1], right[2], 0,    // the eye is Radius * back, so right . eye = up . eye = 0
            up[0], up[1], up[2], 0,
            back[0], back[1], back[2], -Radius,
            0, 0, 0, 1,
        ];
    }

    /// <summary>Camera to clip coordinates as in OpenGL (z / w from -1 at Near to 1 at Far), [4, 4].</summary>
    public double[] Projection() => Projections.Perspective(FieldOfViewDegrees * Math.PI / 180, 1, Near, Far);

    /// <summary>World to clip coordinates, Projection times WorldToCamera, [4, 4].</summary>
    public double[] WorldToClip() => Projections.Multiply(Projection(), WorldToCamera());

    /// <summary>Where a world point falls in an image.</summary>
    /// <param name="x">World x.</param>
    /// <param name="y">World y.</param>
    /// <param name="z">World z.</param>
    /// <param name="size">Rows and columns of the image.</param>
    /// <returns>Continuous column and row (the first pixel's centre is 0.5, 0.5) and the distance along the view axis.</returns>
    public (double Column, double Row, double Depth) Project(double x, double y, double z, int size)
    {
        var (right, up, back) = Axes();
        var depth = Radius - (back[0] * x + back[1] * y + back[2] * z);
        var scale = 1 / (depth * HalfExtent);
        var across = (right[0] * x + right[1] * y + right[2] * z) * scale;
        var above = (up[0] * x + up[1] * y + up[2] * z) * scale;
        return ((across + 1) * 0.5 * size, (1 - above) * 0.5 * size, depth);
    }

    /// <summary>Unit direction from the eye through the continuous image position (column, row), in world coordinates.</summary>
    /// <param name="column">Continuous column; the centre of pixel 0 is 0.5.</param>
    /// <param name="row">Continuous row, 0 at the top.</param>
    /// <param name="size">Rows and columns of the image.</param>
    public double[] RayDirection(double column, double row, int size)
    {
        var (right, up, back) = Axes();
        var across = (2 * column / size - 1) * HalfExtent;
        var above = (1 - 2 * row / size) * HalfExtent;
        var length = Math.Sqrt(across * across + above * above + 1);
        var direction = new double[3];
        for (var i = 0; i < 3; i++)
        {
            direction[i] = (across * right[i] + above * up[i] - back[i]) / length;
        }

        return direction;
    }

    /// <summary>The camera's axes in world coordinates: right (+X), up (+Y), back (+Z).</summary>
    public (double[] Right, double[] Up, double[] Back) Axes()
    {
        var (sinA, cosA) = Math.SinCos(AzimuthDegrees * Math.PI / 180);
        var (sinE, cosE) = Math.SinCos(ElevationDegrees * Math.PI / 180);
        return ([cosA, 0, -sinA], [-sinE * sinA, cosE, -sinE * cosA], [cosE * sinA, sinE, cosE * cosA]);
    }
}
