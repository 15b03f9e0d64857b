using StackExchange.Redis;

namespace Realiz3D.Mesh.Storage;

/// <summary>Reads what is never missing from replies. Current clients call every text and every bytes possibly null.</summary>
public static class RedisReplies
{
    /// <summary>The value as text.</summary>
    public static string Text(this RedisValue value) => ((string?)value)!;

    /// <summary>The value as bytes.</summary>
    public static byte[] Bytes(this RedisValue value) => ((byte[]?)value)!;

    /// <summary>The reply as text.</summary>
    public static string Text(this RedisResult reply) => ((string?)reply)!;
}
