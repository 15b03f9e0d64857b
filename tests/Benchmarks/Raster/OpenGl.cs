using System.Runtime.InteropServices;

namespace Realiz3D.Mesh.Benchmarks.Raster;

/// <summary>The few functions of EGL and OpenGL ES 3.2 that drawing one picture needs. Sources: egl.h, eglext.h, gl32.h.</summary>
internal static unsafe partial class OpenGl
{
    public const int SurfacelessMesa = 0x31DD;
    public const int OpenGlEsApi = 0x30A0, Extensions = 0x3055, RenderableType = 0x3040, OpenGlEs3Bit = 0x40, None = 0x3038, SurfaceType = 0x3033;
    public const int MajorVersion = 0x3098, MinorVersion = 0x30FB;
    public const int VertexShader = 0x8B31, FragmentShader = 0x8B30, CompileStatus = 0x8B81, LinkStatus = 0x8B82;
    public const int ArrayBuffer = 0x8892, ElementArrayBuffer = 0x8893, StaticDraw = 0x88E4, Float = 0x1406, Int = 0x1404, UnsignedInt = 0x1405, Triangles = 4;
    public const int Framebuffer = 0x8D40, Renderbuffer = 0x8D41, ColourAttachment = 0x8CE0, DepthAttachment = 0x8D00, FramebufferComplete = 0x8CD5;
    public const int R32i = 0x8235, DepthComponent32f = 0x8CAC, RgbaInteger = 0x8D99;
    public const int DepthTest = 0x0B71, Less = 0x0201, Colour = 0x1800, Depth = 0x1801, Renderer = 0x1F01;

    private const string Egl = "libEGL.so.1";
    private const string Gl = "libGLESv2.so.2";

    [LibraryImport(Egl, EntryPoint = "eglGetProcAddress", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ProcAddress(string name);

    [LibraryImport(Egl, EntryPoint = "eglInitialize")]
    public static partial int Initialize(nint display, out int major, out int minor);

    [LibraryImport(Egl, EntryPoint = "eglTerminate")]
    public static partial int Terminate(nint display);

    [LibraryImport(Egl, EntryPoint = "eglBindAPI")]
    public static partial int BindApi(int api);

    [LibraryImport(Egl, EntryPoint = "eglChooseConfig")]
    public static partial int ChooseConfig(nint display, int* attributes, out nint config, int size, out int count);

    [LibraryImport(Egl, EntryPoint = "eglCreateContext")]
    public static partial nint CreateContext(nint display, nint config, nint share, int* attributes);

    [LibraryImport(Egl, EntryPoint = "eglMakeCurrent")]
    public static partial int MakeCurrent(nint display, nint draw, nint read, nint context);

    [LibraryImport(Gl, EntryPoint = "glGetString")]
    public static partial byte* GetString(int name);

    [LibraryImport(Gl, EntryPoint = "glGetError")]
    public static partial int GetError();

    [LibraryImport(Gl, EntryPoint = "glCreateShader")]
    public static partial int CreateShader(int type);

    [LibraryImport(Gl, EntryPoint = "glShaderSource")]
    public static partial void ShaderSource(int shader, int count, byte** texts, int* lengths);

    [LibraryImport(Gl, EntryPoint = "glCompileShader")]
    public static partial void CompileShader(int shader);

    [LibraryImport(Gl, EntryPoint = "glGetShaderiv")]
    public static partial void GetShader(int shader, int name, out int value);

    [LibraryImport(Gl, EntryPoint = "glCreateProgram")]
    public static partial int CreateProgram();

    [LibraryImport(Gl, EntryPoint = "glAttachShader")]
    public static partial void AttachShader(int program, int shader);

    [LibraryImport(Gl, EntryPoint = "glLinkProgram")]
    public static partial void LinkProgram(int program);

    [LibraryImport(Gl, EntryPoint = "glGetProgramiv")]
    public static partial void GetProgram(int program, int name, out int value);

    [LibraryImport(Gl, EntryPoint = "glUseProgram")]
    public static partial void UseProgram(int program);

    [LibraryImport(Gl, EntryPoint = "glGenBuffers")]
    public static partial void GenBuffers(int count, int* buffers);

    [LibraryImport(Gl, EntryPoint = "glBindBuffer")]
    public static partial void BindBuffer(int target, int buffer);

    [LibraryImport(Gl, EntryPoint = "glBufferData")]
    public static partial void BufferData(int target, nint size, void* data, int usage);

    [LibraryImport(Gl, EntryPoint = "glGenVertexArrays")]
    public static partial void GenVertexArrays(int count, int* arrays);

    [LibraryImport(Gl, EntryPoint = "glBindVertexArray")]
    public static partial void BindVertexArray(int array);

    [LibraryImport(Gl, EntryPoint = "glVertexAttribPointer")]
    public static partial void VertexAttribPointer(int index, int size, int type, byte normalized, int stride, nint offset);

    [LibraryImport(Gl, EntryPoint = "glEnableVertexAttribArray")]
    public static partial void EnableVertexAttribArray(int index);

    [LibraryImport(Gl, EntryPoint = "glGenFramebuffers")]
    public static partial void GenFramebuffers(int count, int* framebuffers);

    [LibraryImport(Gl, EntryPoint = "glBindFramebuffer")]
    public static partial void BindFramebuffer(int target, int framebuffer);

    [LibraryImport(Gl, EntryPoint = "glGenRenderbuffers")]
    public static partial void GenRenderbuffers(int count, int* renderbuffers);

    [LibraryImport(Gl, EntryPoint = "glBindRenderbuffer")]
    public static partial void BindRenderbuffer(int target, int renderbuffer);

    [LibraryImport(Gl, EntryPoint = "glRenderbufferStorage")]
    public static partial void RenderbufferStorage(int target, int format, int width, int height);

    [LibraryImport(Gl, EntryPoint = "glFramebufferRenderbuffer")]
    public static partial void FramebufferRenderbuffer(int target, int attachment, int kind, int renderbuffer);

    [LibraryImport(Gl, EntryPoint = "glCheckFramebufferStatus")]
    public static partial int CheckFramebufferStatus(int target);

    [LibraryImport(Gl, EntryPoint = "glViewport")]
    public static partial void Viewport(int x, int y, int width, int height);

    [LibraryImport(Gl, EntryPoint = "glEnable")]
    public static partial void Enable(int what);

    [LibraryImport(Gl, EntryPoint = "glDepthFunc")]
    public static partial void DepthFunc(int function);

    [LibraryImport(Gl, EntryPoint = "glClearBufferiv")]
    public static partial void ClearBuffer(int buffer, int which, int* value);

    [LibraryImport(Gl, EntryPoint = "glClearBufferfv")]
    public static partial void ClearBuffer(int buffer, int which, float* value);

    [LibraryImport(Gl, EntryPoint = "glDrawElements")]
    public static partial void DrawElements(int mode, int count, int type, nint offset);

    [LibraryImport(Gl, EntryPoint = "glFinish")]
    public static partial void Finish();

    [LibraryImport(Gl, EntryPoint = "glReadPixels")]
    public static partial void ReadPixels(int x, int y, int width, int height, int format, int type, void* data);
}
