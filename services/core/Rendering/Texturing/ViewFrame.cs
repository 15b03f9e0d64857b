using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A camera made ready to project very many points: <see cref="Camera.Project"/> with its axes at hand.</summary>
internal sealed class ViewFrame
{
    private readonly Camera _camera;
    private readonly int _size;
    private readonly double[] _right;
    private readonly double[] _up;
    private readonly double[] _back;

    /// <param name="camera">The camera.</param>
    /// <param name="size">Rows and columns of the image.</param>
    public ViewFrame(Camera camera, int size)
    {
        (_camera, _size) = (camera, size);
        (_right, _up, _back) = camera.Axes();
        var eye = camera.Position();
        Eye = new Vector3((float)eye[0], (float)eye[1], (float)eye[2]);
    }

    /// <summary>The eye in world coordinates.</summary>
    public Vector3 Eye { get; }

    /// <summary>Continuous column and row, and the distance along the view axis.</summary>
    public (double Column, double Row, double Depth) Project(Vector3 p)
    {
        var depth = _camera.Radius - Dot(_back, p);
        var scale = 1 / (depth * _camera.HalfExtent);
        return (((Dot(_right, p) * scale) + 1) * 0.5 * _size, (1 - (Dot(_up, p) * scale)) * 0.5 * _size, depth);
    }

    /// <summary>Side of a pixel at a depth, in metres.</summary>
    public double PixelMetres(double depth) => 2 * depth * _camera.HalfExtent / _size;

    private static double Dot(double[] axis, Vector3 p) => (axis[0] * p.X) + (axis[1] * p.Y) + (axis[2] * p.Z);
}
