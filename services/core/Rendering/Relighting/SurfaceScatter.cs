using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What a surface is made of, at one point.</summary>
/// <param name="Diffuse">Albedo of the Lambertian part, linear RGB.</param>
/// <param name="Specular">Reflectance F0 at normal incidence, linear RGB.</param>
/// <param name="Roughness">Linear roughness; below <see cref="Brdf.MinRoughness"/> it counts as that.</param>
/// <param name="Grazing">Reflectance F90 at grazing incidence: 1, or 0 for a surface that is only diffuse.</param>
public readonly record struct SurfaceMatter(Vector3 Diffuse, Vector3 Specular, float Roughness, float Grazing = 1)
{
    /// <summary>The metallic-roughness surface of glTF: base colour (1 - m), F0 = dielectric (1 - m) + base colour m.</summary>
    /// <param name="baseColour">Linear RGB.</param>
    /// <param name="roughness">0 to 1.</param>
    /// <param name="metallic">m, 0 to 1.</param>
    /// <param name="dielectric">Reflectance at normal incidence of what is no metal.</param>
    public static SurfaceMatter MetallicRoughness(Vector3 baseColour, float roughness, float metallic, float dielectric = 0.04f) =>
        new(baseColour * (1 - metallic), new Vector3(dielectric * (1 - metallic)) + (baseColour * metallic), roughness);
}

/// <summary>How one point scatters light towards one viewer: the terms of <see cref="Brdf"/> in plain C#, and directions drawn by them.</summary>
/// <remarks>
/// Lambert plus GGX with height-correlated Smith masking and Schlick's Fresnel. Mirrors are drawn from the visible normals: Heitz 2018,
/// "Sampling the GGX distribution of visible normals", in the form of Dupuy and Benyoub 2023, arXiv:2306.05044, section 3; their density is
/// <code>D(h) G1(v) / (4 n . v)</code>
/// </remarks>
internal readonly struct SurfaceScatter
{
    private const float Epsilon = 1e-4f;

    private readonly SurfaceMatter _matter;
    private readonly Vector3 _normal;
    private readonly Vector3 _tangent;
    private readonly Vector3 _bitangent;
    private readonly Vector3 _view;
    private readonly float _alpha;
    private readonly float _viewLambda;
    private readonly float _specularShare;

    /// <summary>Prepares a point.</summary>
    /// <param name="matter">What it is made of.</param>
    /// <param name="normal">Unit normal n.</param>
    /// <param name="view">Unit direction to the viewer v; n . v counts as at least 1e-4.</param>
    public SurfaceScatter(in SurfaceMatter matter, Vector3 normal, Vector3 view)
    {
        (_matter, _normal) = (matter, normal);
        // An orthonormal frame around the normal (Duff et al. 2017).
        var sign = normal.Z < 0 ? -1f : 1;
        var a = -1 / (sign + normal.Z);
        var b = normal.X * normal.Y * a;
        _tangent = new Vector3(1 + (sign * normal.X * normal.X * a), sign * b, -sign * normal.X);
        _bitangent = new Vector3(b, sign + (normal.Y * normal.Y * a), -normal.Y);
        var up = Math.Clamp(Vector3.Dot(normal, view), Epsilon, 1);
        _view = new Vector3(Vector3.Dot(_tangent, view), Vector3.Dot(_bitangent, view), up);
        var rough = Math.Clamp(matter.Roughness, (float)Brdf.MinRoughness, 1);
        _alpha = rough * rough;
        _viewLambda = Lambda(up);
        var (specular, diffuse) = (Luminance(Fresnel(up)), Luminance(matter.Diffuse));
        _specularShare = specular + diffuse > 0 ? specular / (specular + diffuse) : 0;
    }

    /// <summary>Scattered light per light that comes from a unit direction, its cosine included, per steradian.</summary>
    public Vector3 Value(Vector3 light)
    {
        var l = ToLocal(light);
        if (l.Z <= Epsilon)
        {
            return Vector3.Zero;
        }

        var half = Vector3.Normalize(l + _view);
        var specular = Fresnel(Vector3.Dot(_view, half)) * (Distribution(half.Z) / ((1 + Lambda(l.Z) + _viewLambda) * 4 * _view.Z));
        return (_matter.Diffuse * (l.Z / MathF.PI)) + specular;
    }

    /// <summary>How densely <see cref="Draw"/> draws a unit direction, per steradian.</summary>
    public float Density(Vector3 light)
    {
        var l = ToLocal(light);
        var half = l + _view;
        if (l.Z <= 0 || half == Vector3.Zero)
        {
            return 0;
        }

        var mirror = Distribution(Vector3.Normalize(half).Z) / ((1 + _viewLambda) * 4 * _view.Z);
        return (_specularShare * mirror) + ((1 - _specularShare) * l.Z / MathF.PI);
    }

    /// <summary>Draws a direction of light; it may lie below the surface, where nothing is scattered.</summary>
    /// <param name="choice">Which part scatters, [0, 1).</param>
    /// <param name="u">[0, 1).</param>
    /// <param name="v">[0, 1).</param>
    public Vector3 Draw(double choice, double u, double v)
    {
        var (sine, cosine) = Math.SinCos(2 * Math.PI * u);
        if (choice >= _specularShare)
        {
            var radius = Math.Sqrt(v);
            return ToWorld(new Vector3((float)(radius * cosine), (float)(radius * sine), (float)Math.Sqrt(1 - v)));
        }

        // A cap of the sphere round the stretched view, and back.
        var stretched = Vector3.Normalize(new Vector3(_view.X * _alpha, _view.Y * _alpha, _view.Z));
        var z = ((1 - v) * (1 + stretched.Z)) - stretched.Z;
        var ring = Math.Sqrt(Math.Clamp(1 - (z * z), 0, 1));
        var cap = new Vector3((float)(ring * cosine), (float)(ring * sine), (float)z) + stretched;
        var half = Vector3.Normalize(new Vector3(cap.X * _alpha, cap.Y * _alpha, cap.Z));
        return ToWorld((2 * Vector3.Dot(_view, half) * half) - _view);
    }

    /// <summary>Brightness of a colour, as BT.709 weighs it.</summary>
    public static float Luminance(Vector3 colour) => Vector3.Dot(colour, new Vector3(0.2126f, 0.7152f, 0.0722f));

    private Vector3 Fresnel(float cosine)
    {
        var away = 1 - Math.Clamp(cosine, 0, 1);
        var grazing = away * away * away * away * away;
        return _matter.Specular + ((new Vector3(_matter.Grazing) - _matter.Specular) * grazing);
    }

    private float Distribution(float cosine)
    {
        // 1 - cos^2 (1 - alpha^2) in two parts that keep their digits where alpha is small.
        var d = (1 - (cosine * cosine)) + (cosine * cosine * _alpha * _alpha);
        return _alpha * _alpha / (MathF.PI * d * d);
    }

    private float Lambda(float cosine) =>
        0.5f * (MathF.Sqrt(1 + (_alpha * _alpha * (1 - (cosine * cosine)) / (cosine * cosine))) - 1);

    private Vector3 ToLocal(Vector3 direction) =>
        new(Vector3.Dot(_tangent, direction), Vector3.Dot(_bitangent, direction), Vector3.Dot(_normal, direction));

    private Vector3 ToWorld(Vector3 local) => (_tangent * local.X) + (_bitangent * local.Y) + (_normal * local.Z);
}
