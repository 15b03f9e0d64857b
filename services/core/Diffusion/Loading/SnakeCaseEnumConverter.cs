using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Reads and writes an enum as published configurations spell it: <c>VPrediction</c> is <c>v_prediction</c>.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal sealed class SnakeCaseEnumConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
