namespace Realiz3D.Mesh.Jobs;

/// <summary>What files from outside may cost, checked at start.</summary>
/// <param name="MaxBytes">Largest file, <c>Uploads__MaxBytes</c>.</param>
/// <param name="AtOnce">Files that may come at the same time, <c>Uploads__AtOnce</c>.</param>
/// <param name="Silence">Longest wait for the next bytes, <c>Uploads__Silence</c>.</param>
internal sealed record UploadOptions(long MaxBytes, int AtOnce, TimeSpan Silence)
{
    private const long StoreBytes = 256L << 20;

    public static UploadOptions Read(IConfiguration configuration)
    {
        var uploads = configuration.GetSection("Uploads");
        var options = new UploadOptions(
            uploads.GetValue("MaxBytes", StoreBytes), uploads.GetValue("AtOnce", 16), uploads.GetValue("Silence", TimeSpan.FromSeconds(30)));
        return options is { MaxBytes: >= 1 and <= StoreBytes, AtOnce: >= 1 and <= 1024 } && options.Silence > TimeSpan.Zero
            ? options
            : throw new InvalidOperationException($"Uploads__MaxBytes must be 1 to {StoreBytes}, Uploads__AtOnce 1 to 1024, Uploads__Silence positive.");
    }
}
