using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Realiz3D.Mesh.Formats;

/// <summary>The few functions of libgd 2.3 that JPEG and WebP need. Source: gd.h.</summary>
/// <remarks>gd holds alpha in 7 bits, 0 opaque to 127 transparent. Its messages would go to standard error and are dropped.</remarks>
internal static unsafe partial class LibGd
{
    private const string Library = "libgd.so.3";

    public delegate nint Decoder(int size, byte* data);

    public delegate nint Encoder(nint image, out int size);

    /// <summary>Decodes; the caller has read the size from the header, and checked it.</summary>
    /// <returns>RGB, or RGBA where asked for; null if gd finds the data broken.</returns>
    public static PixelImage? Decode(ReadOnlySpan<byte> bytes, int width, int height, int channels, Decoder decoder)
    {
        Silence();
        nint image;
        fixed (byte* data = bytes)
        {
            image = decoder(bytes.Length, data);
        }

        if (image == 0)
        {
            return null;
        }

        // struct gdImageStruct: a pointer, then width and height.
        var size = (int*)((byte*)image + sizeof(nint));
        if ((size[0], size[1]) != (width, height))
        {
            Destroy(image);
            return null;
        }

        var pixels = new PixelImage(width, height, channels, new byte[width * height * channels]);
        for (var i = 0; i < width * height; i++)
        {
            var color = GetTrueColorPixel(image, i % width, i / width);
            var target = pixels.Bytes.AsSpan(i * channels, channels);
            (target[0], target[1], target[2]) = ((byte)(color >> 16), (byte)(color >> 8), (byte)color);
            if (channels == 4)
            {
                target[3] = (byte)Math.Round((127 - (color >> 24)) * 255 / 127.0);
            }
        }

        Destroy(image);
        return pixels;
    }

    /// <summary>Encodes an image of three or four channels.</summary>
    public static byte[] Encode(PixelImage pixels, Encoder encoder)
    {
        Silence();
        var image = CreateTrueColor(pixels.Width, pixels.Height);
        if (image == 0)
        {
            throw new InvalidOperationException($"libgd cannot hold an image of {pixels.Width} x {pixels.Height} pixels.");
        }

        AlphaBlending(image, 0);
        SaveAlpha(image, pixels.Channels == 4 ? 1 : 0);
        for (var i = 0; i < pixels.Width * pixels.Height; i++)
        {
            var source = pixels.Bytes.AsSpan(i * pixels.Channels, pixels.Channels);
            var alpha = pixels.Channels == 4 ? 127 - (int)Math.Round(source[3] * 127 / 255.0) : 0;
            SetPixel(image, i % pixels.Width, i / pixels.Width, (alpha << 24) | (source[0] << 16) | (source[1] << 8) | source[2]);
        }

        var data = encoder(image, out var size);
        Destroy(image);
        if (data == 0)
        {
            throw new InvalidOperationException("libgd could not encode the image.");
        }

        var bytes = new ReadOnlySpan<byte>((void*)data, size).ToArray();
        Free(data);
        return bytes;
    }

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromJpegPtrEx")]
    public static partial nint FromJpeg(int size, byte* data, int ignoreWarning);

    [LibraryImport(Library, EntryPoint = "gdImageCreateFromWebpPtr")]
    public static partial nint FromWebP(int size, byte* data);

    [LibraryImport(Library, EntryPoint = "gdImageJpegPtr")]
    public static partial nint ToJpeg(nint image, out int size, int quality);

    [LibraryImport(Library, EntryPoint = "gdImageWebpPtrEx")]
    public static partial nint ToWebP(nint image, out int size, int quality);

    private static void Silence()
    {
        try
        {
            SetErrorMethod(&Ignore);
        }
        catch (DllNotFoundException missing)
        {
            throw new InvalidOperationException("JPEG and WebP need libgd 2.3: install the package libgd3.", missing);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(int priority, nint format, nint arguments)
    {
        // The caller learns of a failure by the null that gd returns.
    }

    [LibraryImport(Library, EntryPoint = "gdSetErrorMethod")]
    private static partial void SetErrorMethod(delegate* unmanaged[Cdecl]<int, nint, nint, void> method);

    [LibraryImport(Library, EntryPoint = "gdImageCreateTrueColor")]
    private static partial nint CreateTrueColor(int width, int height);

    [LibraryImport(Library, EntryPoint = "gdImageDestroy")]
    private static partial void Destroy(nint image);

    [LibraryImport(Library, EntryPoint = "gdImageAlphaBlending")]
    private static partial void AlphaBlending(nint image, int blending);

    [LibraryImport(Library, EntryPoint = "gdImageSaveAlpha")]
    private static partial void SaveAlpha(nint image, int save);

    [LibraryImport(Library, EntryPoint = "gdImageGetTrueColorPixel"), SuppressGCTransition]
    private static partial int GetTrueColorPixel(nint image, int x, int y);

    [LibraryImport(Library, EntryPoint = "gdImageSetPixel"), SuppressGCTransition]
    private static partial void SetPixel(nint image, int x, int y, int color);

    [LibraryImport(Library, EntryPoint = "gdFree")]
    private static partial void Free(nint data);
}
