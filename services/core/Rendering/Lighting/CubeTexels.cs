using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The texels of a cube map with a border, to be read between texels in plain C#; <see cref="CubeMap.SampleLinear"/> is the same in tensors.</summary>
/// <param name="texels">[6, R, R, 3].</param>
internal sealed class CubeTexels(Tensor texels)
{
    private readonly float[] _texels = Bordered(texels);

    /// <summary>Rows and columns of a face, R.</summary>
    public int Size { get; } = (int)texels.shape[1];

    /// <summary>Adds weight times the texels' blend in a direction to a sum, [3].</summary>
    public void Add(double x, double y, double z, double weight, Span<double> sum)
    {
        var (face, across, down) = Locate(x, y, z);
        var (column, row) = (((across + 1) * 0.5 * Size) + 0.5, ((down + 1) * 0.5 * Size) + 0.5);
        var (left, top) = (Math.Clamp((int)column, 0, Size), Math.Clamp((int)row, 0, Size));
        var (right, lower) = (column - left, row - top);
        var at = 3 * ((((face * (Size + 2)) + top) * (Size + 2)) + left);
        var below = at + (3 * (Size + 2));
        for (var k = 0; k < 3; k++)
        {
            sum[k] += weight * ((((_texels[at + k] * (1 - right)) + (_texels[at + 3 + k] * right)) * (1 - lower))
                + (((_texels[below + k] * (1 - right)) + (_texels[below + 3 + k] * right)) * lower));
        }
    }

    /// <summary>Where a direction meets the cube, as <see cref="CubeMap.Locate"/> has it: the face, and -1 to 1 across and down it.</summary>
    public static (int Face, double Across, double Down) Locate(double x, double y, double z)
    {
        var (ax, ay, az) = (Math.Abs(x), Math.Abs(y), Math.Abs(z));
        return (ax >= ay && ax >= az, ay >= az) switch
        {
            (true, _) => (x < 0 ? 1 : 0, x < 0 ? z / ax : -z / ax, -y / ax),
            (_, true) => (y < 0 ? 3 : 2, x / ay, y < 0 ? -z / ay : z / ay),
            _ => (z < 0 ? 5 : 4, z < 0 ? -x / az : x / az, -y / az),
        };
    }

    /// <summary>The direction through a place on a face, not normalised: the inverse of <see cref="Locate"/>.</summary>
    public static (double X, double Y, double Z) Direction(int face, double across, double down) => face switch
    {
        0 => (1, -down, -across),
        1 => (-1, -down, across),
        2 => (across, 1, down),
        3 => (across, -1, -down),
        4 => (across, -down, 1),
        _ => (-across, -down, -1),
    };

    private static float[] Bordered(Tensor texels)
    {
        using var scope = NewDisposeScope();
        return CubeBorder.Add(texels).to(ScalarType.Float32).cpu().data<float>().ToArray();
    }
}
