using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>A certificate authority of our own and a server's certificate by it, as PEM files that every client and server reads.</summary>
/// <remarks>The names are those of gRPC's public test certificates; keys are made where the files are missing and live for two days.</remarks>
internal static class TestCertificates
{
    /// <summary>The authority's certificate, within the folder.</summary>
    public const string Authority = "ca.pem";

    private const string Server = "server1.pem";
    private const string Key = "server1.key";
    private static readonly string[] Names = ["*.test.google.fr", "waterzooi.test.google.be", "*.test.youtube.com"];

    /// <summary>The server's certificate with its key; makes the files if there are none.</summary>
    public static X509Certificate2 ServerIn(string folder)
    {
        if (!File.Exists(Path.Combine(folder, Key)))
        {
            Write(Directory.CreateDirectory(folder).FullName);
        }

        return X509Certificate2.CreateFromPemFile(Path.Combine(folder, Server), Path.Combine(folder, Key));
    }

    /// <summary>The authority's certificate.</summary>
    public static X509Certificate2 AuthorityIn(string folder) =>
        X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(folder, Authority)));

    private static void Write(string folder)
    {
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=testca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var authority = authorityRequest.CreateSelfSigned(from, until);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=*.test.google.com", serverKey, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        Array.ForEach(Names, alternatives.AddDnsName);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var server = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));

        File.WriteAllText(Path.Combine(folder, Authority), authority.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, Server), server.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, Key), serverKey.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
