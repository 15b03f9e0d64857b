namespace Realiz3D.Mesh.Texturing;

/// <summary>What the service logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Texturing mesh {MeshId} from views {ViewsId}")]
    public static partial void TextureStarted(ILogger logger, string meshId, string viewsId);

    [LoggerMessage(2, LogLevel.Information, "Refused: {Problem}")]
    public static partial void Refused(ILogger logger, string problem);

    [LoggerMessage(3, LogLevel.Information, "Relighting asset {AssetId} under {Environment}")]
    public static partial void RelightStarted(ILogger logger, string assetId, string environment);

    [LoggerMessage(4, LogLevel.Information, "Baking onto mesh {MeshId} from detail {DetailId} and views {ViewsId}")]
    public static partial void BakeStarted(ILogger logger, string meshId, string detailId, string viewsId);
}
