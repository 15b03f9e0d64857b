using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats;

/// <summary>The members of <c>asset.extras</c> as an XMP packet, for viewers that show metadata.</summary>
/// <remarks>
/// JSON-LD as KHR_xmp_json_ld restricts it: names carry the prefix of a namespace, arrays are ordered lists. The same content in another
/// spelling; programs read <c>asset.extras</c>.
/// </remarks>
internal static class XmpPacket
{
    private const string Prefix = "realiz3d";

    public static JsonObject Of(JsonObject extras)
    {
        var packet = new JsonObject
        {
            ["@context"] = new JsonObject { [Prefix] = "urn:realiz3d:mesh:asset:1.0/" },
            ["@id"] = "",
        };
        foreach (var (name, value) in extras)
        {
            packet[Named(name)] = Value(value);
        }

        return packet;
    }

    private static JsonNode? Value(JsonNode? node) => node switch
    {
        JsonObject value => new JsonObject(value.Select(member => KeyValuePair.Create(Named(member.Key), Value(member.Value)))),
        JsonArray items => new JsonObject { ["@list"] = new JsonArray([.. items.Select(Value)]) },
        _ => node?.DeepClone(),
    };

    private static string Named(string name) => $"{Prefix}:{name}";
}
