using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Which share of a uniform sky lights a place of a surface.</summary>
/// <remarks>
/// <code>A(x, n) = 1 / pi  integral over the hemisphere of  V(x, w) (n . w) dw</code>
/// (Landis 2002, "Production-ready global illumination", section on ambient occlusion), V being 0 where a ray of the given length meets
/// the mesh. With N directions spread like the cosine the mean of V is A; they are a Hammersley set turned by an angle of the place,
/// so that its error is noise and not a pattern. Where a normal leans away from its triangle's, as on smooth surfaces, directions below
/// the triangle are left out of the mean: no light comes from there, but that is not for what stands around.
/// </remarks>
/// <param name="mesh">What hides the sky.</param>
/// <param name="rays">Rays per place, N.</param>
/// <param name="reach">Length of a ray; what lies farther hides nothing.</param>
public sealed class AmbientOcclusion(TriangleMesh mesh, int rays = 64, float reach = float.PositiveInfinity)
{
    private const float Lift = 4e-4f;   // of the mesh's radius: rays start off the surface
    private const float OnSurface = 5;  // lifts: a triangle no farther than that is the place's own

    private readonly SurfaceSearch _search = new(mesh);
    private readonly SurfaceRays _rays = new(mesh);
    private readonly float _lift = Lift * (float)MeshBounds.Of(mesh).Radius;
    private readonly Vector3[] _directions = Directions(rays);

    /// <summary>The visible share at a place.</summary>
    /// <param name="position">A place on the mesh.</param>
    /// <param name="normal">Unit normal there.</param>
    /// <returns>0 hidden all round, 1 open.</returns>
    public float At(Vector3 position, Vector3 normal)
    {
        // A frame round the normal (Duff et al. 2017), turned.
        var sign = MathF.CopySign(1, normal.Z);
        var (a, b) = (-1 / (sign + normal.Z), normal.X * normal.Y * (-1 / (sign + normal.Z)));
        var first = new Vector3(1 + (sign * normal.X * normal.X * a), sign * b, -sign * normal.X);
        var second = new Vector3(b, sign + (normal.Y * normal.Y * a), -normal.Y);
        var (sin, cos) = MathF.SinCos(Turn(position));
        var (across, along) = ((cos * first) + (sin * second), (cos * second) - (sin * first));

        var (origin, under) = (position + (_lift * normal), FaceNormal(position, normal));
        var (open, count) = (0, 0);
        foreach (var direction in _directions)
        {
            var world = (direction.X * across) + (direction.Y * along) + (direction.Z * normal);
            if (Vector3.Dot(world, under) > 0)
            {
                open += _rays.IsBlocked(origin, world, reach) ? 0 : 1;
                count++;
            }
        }

        return count > 0 ? open / (float)count : 1;
    }

    private Vector3 FaceNormal(Vector3 position, Vector3 normal)
    {
        if (_search.Nearest(position, normal, OnSurface * _lift) is not { } place)
        {
            return normal;
        }

        var a = mesh.Position(mesh.Indices[3 * place.Face]);
        return Vector3.Cross(mesh.Position(mesh.Indices[(3 * place.Face) + 1]) - a, mesh.Position(mesh.Indices[(3 * place.Face) + 2]) - a);
    }

    // Cosine-weighted: a uniform disc lifted to the hemisphere (Malley). Radical inverse in base 2: van der Corput 1935.
    private static Vector3[] Directions(int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var (share, turn) = ((i + 0.5f) / count, 2 * MathF.PI * RadicalInverse((uint)i));
        var (sin, cos) = MathF.SinCos(turn);
        return new Vector3(MathF.Sqrt(share) * cos, MathF.Sqrt(share) * sin, MathF.Sqrt(1 - share));
    })];

    private static float RadicalInverse(uint number)
    {
        var reversed = 0u;
        for (var bit = 0; bit < 32; bit++)
        {
            reversed = (reversed << 1) | ((number >> bit) & 1);
        }

        return reversed * (1 / 4294967296f);
    }

    // An angle that has nothing to do with its neighbours': the bits of the place, mixed (the finaliser of MurmurHash3).
    private static float Turn(Vector3 place)
    {
        var bits = BitConverter.SingleToUInt32Bits(place.X) ^ BitOperations.RotateLeft(BitConverter.SingleToUInt32Bits(place.Y), 11)
            ^ BitOperations.RotateLeft(BitConverter.SingleToUInt32Bits(place.Z), 22);
        bits = (bits ^ (bits >> 16)) * 0x85EBCA6Bu;
        bits = (bits ^ (bits >> 13)) * 0xC2B2AE35u;
        return (bits ^ (bits >> 16)) * (2 * MathF.PI / 4294967296f);
    }
}
