using System.Runtime.InteropServices;
using System.Text;

namespace Realiz3D.Mesh.Benchmarks.Raster;

/// <summary>Mesa's llvmpipe as the peer: the same triangles through OpenGL ES 3.2 without a window.</summary>
/// <remarks>
/// EGL_MESA_platform_surfaceless and a framebuffer of its own: 32-bit triangle numbers and 32-bit depth. Vertices come in clip space, as ours
/// do, and lie in buffers before the clock runs. All calls must come from the thread that made it.
/// </remarks>
internal sealed unsafe class SoftwareOpenGl : IDisposable
{
    private const string VertexText = "#version 320 es\nlayout(location = 0) in highp vec4 place;\nvoid main() { gl_Position = place; }\n";
    private const string FragmentText = "#version 320 es\nprecision highp int;\nlayout(location = 0) out highp int number;\nvoid main() { number = gl_PrimitiveID; }\n";

    private readonly nint _display;
    private readonly int _size;
    private int _indexCount;

    /// <summary>Opens a context that draws square pictures.</summary>
    /// <exception cref="InvalidOperationException">There is no software OpenGL ES 3.2 here.</exception>
    public SoftwareOpenGl(int size)
    {
        _size = size;
        try
        {
            _display = OpenDisplay();
        }
        catch (DllNotFoundException missing)
        {
            throw new InvalidOperationException($"there is no Mesa to compare with ({missing.Message}); install libegl1, libgles2 and libgl1-mesa-dri.");
        }

        Renderer = Marshal.PtrToStringUTF8((nint)OpenGl.GetString(OpenGl.Renderer)) ?? "";
        if (!Renderer.StartsWith("llvmpipe", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"the OpenGL here is \"{Renderer}\", not llvmpipe; set LIBGL_ALWAYS_SOFTWARE=1 and GALLIUM_DRIVER=llvmpipe.");
        }

        MakeTarget();
        UseProgram();
    }

    /// <summary>What OpenGL calls itself.</summary>
    public string Renderer { get; }

    /// <summary>Uploads a scene.</summary>
    /// <param name="clip">Clip-space vertices, [P, 4].</param>
    /// <param name="faces">Vertices of the triangles, [F, 3].</param>
    public void Load(float[] clip, int[] faces)
    {
        int array, vertices, indices;
        OpenGl.GenVertexArrays(1, &array);
        OpenGl.BindVertexArray(array);
        OpenGl.GenBuffers(1, &vertices);
        OpenGl.GenBuffers(1, &indices);
        fixed (void* data = clip)
        {
            OpenGl.BindBuffer(OpenGl.ArrayBuffer, vertices);
            OpenGl.BufferData(OpenGl.ArrayBuffer, clip.Length * sizeof(float), data, OpenGl.StaticDraw);
        }

        fixed (void* data = faces)
        {
            OpenGl.BindBuffer(OpenGl.ElementArrayBuffer, indices);
            OpenGl.BufferData(OpenGl.ElementArrayBuffer, faces.Length * sizeof(int), data, OpenGl.StaticDraw);
        }

        OpenGl.VertexAttribPointer(0, 4, OpenGl.Float, 0, 0, 0);
        OpenGl.EnableVertexAttribArray(0);
        _indexCount = faces.Length;
        OpenGl.Finish();
    }

    /// <summary>Draws the scene and waits until it is done.</summary>
    public void Draw()
    {
        var nothing = stackalloc int[] { -1, 0, 0, 0 };
        var far = 1f;
        OpenGl.ClearBuffer(OpenGl.Colour, 0, nothing);
        OpenGl.ClearBuffer(OpenGl.Depth, 0, &far);
        OpenGl.DrawElements(OpenGl.Triangles, _indexCount, OpenGl.UnsignedInt, 0);
        OpenGl.Finish();
    }

    /// <summary>The triangle at each pixel, -1 where there is none, [H, W], row 0 at the top.</summary>
    public int[] Read()
    {
        var rgba = new int[4 * _size * _size];
        fixed (void* data = rgba)
        {
            OpenGl.ReadPixels(0, 0, _size, _size, OpenGl.RgbaInteger, OpenGl.Int, data);
        }

        Check("reading the picture");
        var triangles = new int[_size * _size];
        for (var pixel = 0; pixel < triangles.Length; pixel++)
        {
            triangles[pixel] = rgba[4 * (((_size - 1 - (pixel / _size)) * _size) + (pixel % _size))];    // its rows run upwards
        }

        return triangles;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = OpenGl.Terminate(_display);

    private static nint OpenDisplay()
    {
        var open = (delegate* unmanaged<int, nint, int*, nint>)OpenGl.ProcAddress("eglGetPlatformDisplayEXT");
        var display = open == null ? 0 : open(OpenGl.SurfacelessMesa, 0, null);
        if (display == 0 || OpenGl.Initialize(display, out _, out _) == 0)
        {
            throw new InvalidOperationException("EGL has no surfaceless display here; install libegl-mesa0 and libgl1-mesa-dri.");
        }

        var wanted = stackalloc int[] { OpenGl.SurfaceType, 0, OpenGl.RenderableType, OpenGl.OpenGlEs3Bit, OpenGl.None };
        var version = stackalloc int[] { OpenGl.MajorVersion, 3, OpenGl.MinorVersion, 2, OpenGl.None };
        var context = OpenGl.BindApi(OpenGl.OpenGlEsApi) != 0 && OpenGl.ChooseConfig(display, wanted, out var config, 1, out var count) != 0 && count > 0
            ? OpenGl.CreateContext(display, config, 0, version)
            : 0;
        return context != 0 && OpenGl.MakeCurrent(display, 0, 0, context) != 0
            ? display
            : throw new InvalidOperationException("EGL gives no context of OpenGL ES 3.2 here; a newer Mesa has one.");
    }

    private void MakeTarget()
    {
        int framebuffer;
        OpenGl.GenFramebuffers(1, &framebuffer);
        OpenGl.BindFramebuffer(OpenGl.Framebuffer, framebuffer);
        foreach (var (format, attachment) in new[] { (OpenGl.R32i, OpenGl.ColourAttachment), (OpenGl.DepthComponent32f, OpenGl.DepthAttachment) })
        {
            int buffer;
            OpenGl.GenRenderbuffers(1, &buffer);
            OpenGl.BindRenderbuffer(OpenGl.Renderbuffer, buffer);
            OpenGl.RenderbufferStorage(OpenGl.Renderbuffer, format, _size, _size);
            OpenGl.FramebufferRenderbuffer(OpenGl.Framebuffer, attachment, OpenGl.Renderbuffer, buffer);
        }

        if (OpenGl.CheckFramebufferStatus(OpenGl.Framebuffer) != OpenGl.FramebufferComplete)
        {
            throw new InvalidOperationException("this OpenGL cannot draw into 32-bit integers.");
        }

        OpenGl.Viewport(0, 0, _size, _size);
        OpenGl.Enable(OpenGl.DepthTest);
        OpenGl.DepthFunc(OpenGl.Less);
    }

    private static void UseProgram()
    {
        var program = OpenGl.CreateProgram();
        OpenGl.AttachShader(program, Compile(OpenGl.VertexShader, VertexText));
        OpenGl.AttachShader(program, Compile(OpenGl.FragmentShader, FragmentText));
        OpenGl.LinkProgram(program);
        OpenGl.GetProgram(program, OpenGl.LinkStatus, out var linked);
        if (linked == 0)
        {
            throw new InvalidOperationException("this OpenGL does not link the bench's shaders.");
        }

        OpenGl.UseProgram(program);
        Check("preparing the shaders");
    }

    private static int Compile(int type, string text)
    {
        var shader = OpenGl.CreateShader(type);
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            var line = start;
            var length = bytes.Length;
            OpenGl.ShaderSource(shader, 1, &line, &length);
        }

        OpenGl.CompileShader(shader);
        OpenGl.GetShader(shader, OpenGl.CompileStatus, out var compiled);
        return compiled != 0 ? shader : throw new InvalidOperationException("this OpenGL does not compile the bench's shaders.");
    }

    private static void Check(string during)
    {
        if (OpenGl.GetError() is not 0 and var fault)
        {
            throw new InvalidOperationException($"OpenGL error 0x{fault:X} while {during}.");
        }
    }
}
