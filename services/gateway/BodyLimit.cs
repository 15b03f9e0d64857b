using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Realiz3D.Mesh.Gateway;

/// <summary>Limits the size of a request, all messages of a stream together.</summary>
/// <remarks>YARP lifts the server's limit for every gRPC call, a route's own included, unless the feature is read-only by then.</remarks>
internal static class BodyLimit
{
    public static Task ApplyAsync(HttpContext context, Func<Task> next)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var limit = context.GetReverseProxyFeature().Route.Config.RouteId == ProxyRoutes.Files ? options.MaxUploadBytes : options.MaxRequestBytes;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
            context.Features.Set<IHttpMaxRequestBodySizeFeature>(new Settled(limit));
        }

        return next();
    }

    private sealed class Settled(long limit) : IHttpMaxRequestBodySizeFeature
    {
        public bool IsReadOnly => true;

        public long? MaxRequestBodySize
        {
            get => limit;
            set => throw new InvalidOperationException("The limit of this request is settled.");
        }
    }
}
