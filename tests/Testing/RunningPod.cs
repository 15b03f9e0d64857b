using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Realiz3D.Mesh.Testing;

/// <summary>A denoiser as a process of its own, at an address that is known before it starts.</summary>
public sealed class RunningPod : IAsyncDisposable
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Queue<string> _said = new();

    private RunningPod(Uri address, IReadOnlyDictionary<string, string> settings)
    {
        Address = address;
        var start = new ProcessStartInfo("dotnet", [RunningMesh.ProgramPath("Denoiser")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_URLS"] = address.ToString() },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += Note;
        _process.ErrorDataReceived += Note;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>An address of loopback that nobody uses now.</summary>
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="address">Where it is to serve.</param>
    /// <param name="settings">Variables of its environment.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InvalidOperationException">It does not start; the message has its log.</exception>
    public static async Task<RunningPod> StartAsync(Uri address, IReadOnlyDictionary<string, string> settings, CancellationToken cancel = default)
    {
        var pod = new RunningPod(address, settings);
        try
        {
            using var client = new HttpClient
            {
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            for (var clock = Stopwatch.StartNew(); !await pod.IsReadyAsync(client, cancel); await Task.Delay(50, cancel))
            {
                if (pod._process.HasExited || clock.Elapsed > s_start)
                {
                    throw new InvalidOperationException($"The denoiser does not start:\n{pod.Said()}");
                }
            }

            return pod;
        }
        catch
        {
            await pod.DisposeAsync();
            throw;
        }
    }

    /// <summary>Holds it where it is, in the middle of whatever it does.</summary>
    public void Freeze()
    {
        using var stop = Process.Start("kill", ["-STOP", $"{_process.Id}"]);
        stop.WaitForExit();
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(Address, "/health"), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Said()
    {
        lock (_said)
        {
            return string.Join('\n', _said);
        }
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            if (_said.Count == 200)
            {
                _said.Dequeue();
            }

            _said.Enqueue(line.Data ?? "");
        }
    }
}
