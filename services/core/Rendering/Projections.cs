namespace Realiz3D.Mesh.Rendering;

/// <summary>Camera matrices, 4 x 4, row-major, acting on columns; OpenGL's conventions.</summary>
/// <remarks>The camera looks along its own -Z with +Y up; depth z / w runs from -1 at the near plane to 1 at the far one.</remarks>
public static class Projections
{
    /// <summary>World to camera coordinates for an eye that looks at a point.</summary>
    /// <param name="eye">The eye, [3].</param>
    /// <param name="at">The point, [3]; not the eye.</param>
    /// <param name="up">What shall be up in the image, [3]; not along the view.</param>
    /// <exception cref="ArgumentException">The three leave the image's axes open.</exception>
    public static double[] LookAt(double[] eye, double[] at, double[] up)
    {
        var back = Unit([eye[0] - at[0], eye[1] - at[1], eye[2] - at[2]], "The eye is where it looks at.");
        var right = Unit(Cross(up, back), "The view is along the up direction.");
        var above = Cross(back, right);
        return
        [
            right[0], right[1], right[2], -Dot(right, eye),
            above[0], above[1], above[2], -Dot(above, eye),
            back[0], back[1], back[2], -Dot(back, eye),
            0, 0, 0, 1,
        ];
    }

    /// <summary>Camera to clip coordinates of a perspective camera.</summary>
    /// <param name="fieldOfView">Full opening angle from top to bottom, in radians, above 0 and below pi.</param>
    /// <param name="aspect">Width through height.</param>
    /// <param name="near">Distance of the near plane, above 0.</param>
    /// <param name="far">Distance of the far plane, above near.</param>
    public static double[] Perspective(double fieldOfView, double aspect, double near, double far)
    {
        var f = 1 / Math.Tan(fieldOfView / 2);
        return
        [
            f / aspect, 0, 0, 0,
            0, f, 0, 0,
            0, 0, (far + near) / (near - far), 2 * far * near / (near - far),
            0, 0, -1, 0,
        ];
    }

    /// <summary>Camera to clip coordinates of an orthographic camera.</summary>
    /// <param name="height">From top to bottom, in metres.</param>
    /// <param name="aspect">Width through height.</param>
    /// <param name="near">Distance of the near plane.</param>
    /// <param name="far">Distance of the far plane, above near.</param>
    public static double[] Orthographic(double height, double aspect, double near, double far) =>
    [
        2 / (height * aspect), 0, 0, 0,
        0, 2 / height, 0, 0,
        0, 0, 2 / (near - far), (far + near) / (near - far),
        0, 0, 0, 1,
    ];

    /// <summary>The product of two matrices: the right one acts first.</summary>
    /// <param name="left">[4, 4].</param>
    /// <param name="right">[4, 4].</param>
    public static double[] Multiply(IReadOnlyList<double> left, IReadOnlyList<double> right)
    {
        var product = new double[16];
        for (var i = 0; i < 16; i++)
        {
            var (row, column) = (i / 4 * 4, i % 4);
            product[i] = left[row] * right[column] + left[row + 1] * right[4 + column]
                + left[row + 2] * right[8 + column] + left[row + 3] * right[12 + column];
        }

        return product;
    }

    /// <summary>The inverse of a rigid motion, as camera to world from world to camera.</summary>
    /// <param name="motion">A rotation and a shift, [4, 4].</param>
    public static double[] InverseRigid(IReadOnlyList<double> motion)
    {
        double Back(int column) => -((motion[column] * motion[3]) + (motion[4 + column] * motion[7]) + (motion[8 + column] * motion[11]));
        return
        [
            motion[0], motion[4], motion[8], Back(0),
            motion[1], motion[5], motion[9], Back(1),
            motion[2], motion[6], motion[10], Back(2),
            0, 0, 0, 1,
        ];
    }

    /// <summary>Unit directions of the rays through the pixels' centres.</summary>
    /// <param name="cameraToWorld">Where the camera stands, [4, 4].</param>
    /// <param name="fieldOfView">Full opening angle from top to bottom, in radians.</param>
    /// <param name="height">Rows, H.</param>
    /// <param name="width">Columns, W.</param>
    /// <returns>World directions, row 0 on top, [H, W, 3]. They all start at the camera's position.</returns>
    public static double[] RayDirections(IReadOnlyList<double> cameraToWorld, double fieldOfView, int height, int width)
    {
        var pixel = 2 * Math.Tan(fieldOfView / 2) / height;
        var directions = new double[height * width * 3];
        for (var i = 0; i < height * width; i++)
        {
            var across = ((i % width) + 0.5 - (width / 2.0)) * pixel;
            var above = ((height / 2.0) - (i / width) - 0.5) * pixel;
            var length = Math.Sqrt((across * across) + (above * above) + 1);
            for (var k = 0; k < 3; k++)
            {
                var m = 4 * k;
                directions[(3 * i) + k] = ((across * cameraToWorld[m]) + (above * cameraToWorld[m + 1]) - cameraToWorld[m + 2]) / length;
            }
        }

        return directions;
    }

    private static double[] Unit(double[] v, string otherwise)
    {
        var length = Math.Sqrt(Dot(v, v));
        return length > 0 ? [v[0] / length, v[1] / length, v[2] / length] : throw new ArgumentException(otherwise);
    }

    private static double Dot(double[] a, double[] b) => (a[0] * b[0]) + (a[1] * b[1]) + (a[2] * b[2]);

    private static double[] Cross(double[] a, double[] b) =>
        [(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])];
}
