using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Execution;

/// <summary>Starts Redis from the machine's redis-server, else from a container.</summary>
internal static class RedisCommand
{
    private const string Image = "redis:7.2";
    private const string ContainerPort = "6379";

    /// <param name="redis">The resource.</param>
    /// <param name="port">Where it listens, on loopback.</param>
    /// <param name="arguments">As for the image's /bin/sh: <c>-c "redis-server ..."</c>.</param>
    /// <param name="environment">Holds the password.</param>
    /// <param name="folder">Where it may keep its data.</param>
    /// <param name="find">Looks a program up, null when the machine lacks it.</param>
    /// <exception cref="DistributedApplicationException">The machine has neither.</exception>
    public static ProcessCommand Build(
        RedisResource redis,
        int port,
        List<string> arguments,
        Dictionary<string, string> environment,
        string folder,
        Func<string, string?> find)
    {
        if (find("redis-server") is not null)
        {
            // exec: signals shall reach Redis, not the shell.
            var command = string.Create(CultureInfo.InvariantCulture, $"exec {arguments[^1]} --bind 127.0.0.1 --port {port} --dir '{folder}'");
            return new(redis.Entrypoint!, [.. arguments[..^1], command], environment, folder);
        }

        if (find("docker") is not null)
        {
            string[] run =
            [
                "run", "--rm", "--init", "--publish", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}:{ContainerPort}"),
                .. environment.Keys.SelectMany(name => new[] { "--env", name }),
                "--entrypoint", redis.Entrypoint!, Image, .. arguments,
            ];
            // The client hands SIGTERM on to the container; after SIGKILL the container would stay.
            return new("docker", run, environment, folder) { SignalOnOrphan = "TERM" };
        }

        throw new DistributedApplicationException(
            $"{redis.Name} needs Redis: install redis-server (Debian: apt-get install redis-server) or Docker.");
    }
}
