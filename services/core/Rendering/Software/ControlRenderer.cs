using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Draws a mesh's normals, positions, depth and mask at cameras, one value per pixel centre, without antialiasing.</summary>
/// <remarks>
/// Normals are those of the file, else <see cref="CreaseNormals"/> at 45 degrees; where the back of a face is seen, that of the side that is seen.
/// Both sides of faces are drawn: meshes from outside are open or inside out.
/// </remarks>
public sealed class ControlRenderer
{
    private const double CreaseDegrees = 45;

    private readonly TriangleMesh _mesh;
    private readonly float[] _normals;
    private readonly IReadOnlyList<Camera> _cameras;
    private readonly ControlSet _set;

    /// <param name="mesh">The mesh in the world, with at least one face.</param>
    /// <param name="cameras">One per view, V.</param>
    /// <param name="size">Width and height of a view.</param>
    /// <param name="cameraNormals">Whether normals get the camera's axes.</param>
    /// <param name="separateRanges">Whether each view's depth has a range of its own.</param>
    public ControlRenderer(TriangleMesh mesh, IReadOnlyList<Camera> cameras, int size, bool cameraNormals, bool separateRanges)
    {
        _mesh = mesh.Normals is null ? CreaseNormals.Of(mesh, CreaseDegrees) : mesh;
        (_normals, _cameras) = (_mesh.Normals!, cameras);
        var bounds = MeshBounds.Of(mesh);
        var scale = bounds.LongestSide > 0 ? 2 / bounds.LongestSide : 1;
        var frame = new ControlFrame(cameraNormals, bounds.CenterX, bounds.CenterY, bounds.CenterZ, scale, separateRanges);
        var pixels = cameras.Count * size * size;
        _set = new ControlSet(
            size,
            [.. cameras.Select(camera => camera.ToView())],
            frame,
            new float[3 * pixels],
            new float[3 * pixels],
            new float[pixels],
            new float[pixels],
            new byte[pixels]);
    }

    /// <summary>Draws one view.</summary>
    /// <param name="view">0 to V-1.</param>
    /// <returns>Share of its pixels that see the mesh.</returns>
    public double Draw(int view)
    {
        var (camera, plane) = (_cameras[view], _set.Size * _set.Size);
        var buffer = FragmentBuffer.OfView(_mesh, camera, _set.Size);
        var axes = camera.Axes();
        var (right, up, back, eye) = (Vector(axes.Right), Vector(axes.Up), Vector(axes.Back), Vector(camera.Position()));
        var (frame, seen) = (_set.Frame, 0);
        var center = new Vector3((float)frame.CenterX, (float)frame.CenterY, (float)frame.CenterZ);
        for (var pixel = 0; pixel < plane; pixel++)
        {
            if (buffer.Face[pixel] < 0)
            {
                continue;
            }

            var (normal, place) = At(buffer, pixel, eye);
            var turned = frame.CameraNormals ? new Vector3(Vector3.Dot(normal, right), Vector3.Dot(normal, up), Vector3.Dot(normal, back)) : normal;
            Store(_set.Normals, (view, pixel), turned);
            Store(_set.Positions, (view, pixel), Vector3.Clamp((place - center) * (float)frame.Scale, -Vector3.One, Vector3.One));
            _set.Depth[(view * plane) + pixel] = buffer.Depth[pixel];
            _set.Mask[(view * plane) + pixel] = 1;
            seen++;
        }

        return (double)seen / plane;
    }

    /// <summary>A picture of a drawn view's normals.</summary>
    /// <param name="view">0 to V-1.</param>
    public PixelImage Normals(int view) => ControlPicture.Tile(_set, ControlPictureKind.Normals, view);

    /// <summary>The controls, once every view is drawn.</summary>
    public ControlSet Finish()
    {
        foreach (var (pixels, near, far) in DepthRanges.Of(_set))
        {
            for (var i = pixels.Start.Value; i < pixels.End.Value; i++)
            {
                if (_set.Mask[i] == 1)
                {
                    var share = ((1 / (double)_set.Depth[i]) - (1 / far)) / ((1 / near) - (1 / far));
                    _set.InverseDepth[i] = near < far ? (float)Math.Clamp(share, 0, 1) : 1;
                }
            }
        }

        return _set;
    }

    private (Vector3 Normal, Vector3 Place) At(FragmentBuffer buffer, int pixel, Vector3 eye)
    {
        var face = buffer.Face[pixel];
        Span<float> weights = [buffer.U[pixel], buffer.V[pixel], 1 - buffer.U[pixel] - buffer.V[pixel]];
        Span<Vector3> corners = stackalloc Vector3[3];
        var (normal, place) = (Vector3.Zero, Vector3.Zero);
        for (var corner = 0; corner < 3; corner++)
        {
            var vertex = _mesh.Indices[(3 * face) + corner];
            corners[corner] = _mesh.Position(vertex);
            place += weights[corner] * corners[corner];
            normal += weights[corner] * new Vector3(_normals.AsSpan(3 * vertex, 3));
        }

        var cross = Vector3.Cross(corners[1] - corners[0], corners[2] - corners[0]);
        var length = normal.Length();
        normal = length > 1e-6f ? normal / length : Unit(cross); // files have normals that are zero, opposite or no numbers
        return (Vector3.Dot(cross, eye - place) < 0 ? -normal : normal, place);
    }

    private void Store(float[] target, (int View, int Pixel) at, Vector3 value)
    {
        var plane = _set.Size * _set.Size;
        for (var c = 0; c < 3; c++)
        {
            target[(((3 * at.View) + c) * plane) + at.Pixel] = value[c];
        }
    }

    // Tiny and huge faces have a direction too.
    private static Vector3 Unit(Vector3 vector)
    {
        var scale = Math.Max(Math.Abs(vector.X), Math.Max(Math.Abs(vector.Y), Math.Abs(vector.Z)));
        return scale > 0 && float.IsFinite(scale) ? Vector3.Normalize(vector / scale) : Vector3.UnitY;
    }

    private static Vector3 Vector(double[] v) => new((float)v[0], (float)v[1], (float)v[2]);
}
