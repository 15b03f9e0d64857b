using System.Text;
using Grpc.Core.Utils;

namespace Grpc.Core;

/// <summary>A property of an authenticated peer.</summary>
public class AuthProperty
{
    private readonly byte[] _bytes;

    private AuthProperty(string name, byte[] bytes)
    {
        Name = GrpcPreconditions.CheckNotNull(name, nameof(name));
        _bytes = [.. GrpcPreconditions.CheckNotNull(bytes, nameof(bytes))];
        Value = Encoding.UTF8.GetString(_bytes);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The value as UTF-8 text.</summary>
    public string Value { get; }

    /// <summary>A copy of the value.</summary>
    public byte[] ValueBytes => [.. _bytes];

    /// <summary>Creates a property of a copy of the bytes.</summary>
    public static AuthProperty Create(string name, byte[] valueBytes) => new(name, valueBytes);
}

/// <summary>What is known of the peer of a call.</summary>
public class AuthContext
{
    private readonly Dictionary<string, List<AuthProperty>> _properties;

    /// <summary>Describes a peer; a null name stands for a peer that is not authenticated.</summary>
    public AuthContext(string? peerIdentityPropertyName, Dictionary<string, List<AuthProperty>> properties)
    {
        PeerIdentityPropertyName = peerIdentityPropertyName;
        _properties = GrpcPreconditions.CheckNotNull(properties, nameof(properties));
    }

    /// <summary>Whether the peer is authenticated.</summary>
    public bool IsPeerAuthenticated => PeerIdentityPropertyName is not null;

    /// <summary>Which property says who the peer is.</summary>
    public string? PeerIdentityPropertyName { get; }

    /// <summary>Who the peer is; empty when it is not authenticated. Throws when it is and nothing says who it is.</summary>
    public IEnumerable<AuthProperty> PeerIdentity =>
        PeerIdentityPropertyName is null ? [] : _properties[PeerIdentityPropertyName];

    /// <summary>All properties.</summary>
    public IEnumerable<AuthProperty> Properties => _properties.Values.SelectMany(values => values);

    /// <summary>The properties of this name.</summary>
    public IEnumerable<AuthProperty> FindPropertiesByName(string propertyName) =>
        _properties.TryGetValue(propertyName, out var values) ? values : [];
}
