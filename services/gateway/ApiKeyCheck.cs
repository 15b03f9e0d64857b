using System.Net;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Yarp.ReverseProxy.Model;

namespace Realiz3D.Mesh.Gateway;

/// <summary>Lets a call on to the services only with a key (<c>authorization: Bearer KEY</c>), if there are keys.</summary>
/// <remarks>The gateway's own health answers anybody.</remarks>
internal sealed class ApiKeyCheck(RequestDelegate next, ApiKeys keys)
{
    /// <summary>The header that carries the key.</summary>
    public const string Header = "authorization";

    private const string Scheme = "Bearer ";

    /// <summary>Set in <see cref="HttpContext.Items"/>: who the caller is, for the limits.</summary>
    public static readonly object Client = new();

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<RouteModel>() is null)
        {
            return next(context);
        }

        var client = keys.Any ? KeyOf(context) : LocalOf(context.Connection);
        if (client is null)
        {
            return Refusals.AnswerAsync(context, StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated, keys.Any
                ? "This gateway wants an API key: send the header 'authorization: Bearer KEY'."
                : "This gateway has no API keys and so serves only its own machine; set REALIZ3D_API_KEYS to open it.");
        }

        context.Items[Client] = client;
        context.Request.Headers[TenantMetadata.Header] = client;
        return next(context);
    }

    private string? KeyOf(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? keys.NameOf(header[Scheme.Length..].Trim())
            : null;
    }

    private static string? LocalOf(ConnectionInfo connection) =>
        connection.LocalIpAddress is { } address && IPAddress.IsLoopback(address) ? "local" : null;
}
