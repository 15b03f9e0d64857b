using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.Execution;

namespace Realiz3D.Mesh.Hosting.Tests;

/// <summary>Processes live as long as the app host: no longer, and no shorter.</summary>
public class TieTests
{
    [Fact]
    public async Task AppHost_Killed_TakesAllItsProcessesAlong_RedisAndGrandchildrenToo()
    {
        await using var application = new TestApplication(); // for its folder
        var probe = Path.Combine(AppContext.BaseDirectory, "..", "..", "HostingProbe", "release", "HostingProbe.dll");
        using var appHost = Process.Start("dotnet", [probe, "apphost", application.FilePath(string.Empty)]);
        var ids = (await application.LinesAsync("ids", 2)).Select(line => int.Parse(line, CultureInfo.InvariantCulture));
        var family = DescendantsOf(appHost.Id);
        Assert.Superset(ids.ToHashSet(), family.Keys.ToHashSet());
        Assert.Contains("redis-server", family.Values);

        appHost.Kill(); // SIGKILL: no chance to clean up

        foreach (var id in family.Keys)
        {
            await TestApplication.GoneAsync(id);
        }
    }

    [Fact]
    public async Task Process_OutlivesTheThreadThatStartedIt()
    {
        Process? process = null;
        var thread = new Thread(() => process = ProcessLauncher.Start(Shell("exec sleep 1000")));
        thread.Start();
        thread.Join();

        await Task.Delay(300); // what does not happen needs time not to happen

        Assert.True(TestApplication.IsAlive(process!.Id));
        ProcessLauncher.KillGroup(process);
        await TestApplication.GoneAsync(process.Id);
    }

    [Fact]
    public async Task Process_EndsWithItsPipe_AndWithItWhateverItStarted()
    {
        using var process = ProcessLauncher.Start(Shell("sleep 1000 & echo $!; wait"));
        var child = int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        Assert.True(TestApplication.IsAlive(child));

        process.StandardInput.Close();

        await TestApplication.GoneAsync(child);
        await TestApplication.GoneAsync(process.Id);
    }

    [Fact]
    public async Task Process_ReadsNothing_AndItsExitCodeComesBack()
    {
        using var process = ProcessLauncher.Start(Shell("cat; echo \"$1\"; exit 7", "sh", "two words"));

        Assert.Equal("two words\n", await process.StandardOutput.ReadToEndAsync().WaitAsync(TestApplication.Timeout));
        await process.WaitForExitAsync().WaitAsync(TestApplication.Timeout);
        Assert.Equal(7, process.ExitCode);
        ProcessLauncher.KillGroup(process);
    }

    [Theory]
    [InlineData("no-such-program")]
    [InlineData("/nowhere/no-such-program")]
    public void Program_ThatIsMissing_IsSaidInOneSentence(string name)
    {
        var problem = Assert.Throws<DistributedApplicationException>(() => ProcessLauncher.Start(Shell(string.Empty) with { FileName = name }));

        Assert.Equal($"{name} could not be started: there is no such program.", problem.Message);
    }

    private static ProcessCommand Shell(string script, params string[] arguments) =>
        new("/bin/sh", ["-c", script, .. arguments], new Dictionary<string, string>(), "/");

    /// <summary>Ids and names of a process's children, their children and so on.</summary>
    private static Dictionary<int, string> DescendantsOf(int processId)
    {
        var all = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => Stat(name!)).OfType<(int Id, string Name, int Parent)>().ToList();
        Dictionary<int, string> found = [];
        Stack<int> open = new([processId]);
        while (open.TryPop(out var parent))
        {
            foreach (var child in all.Where(process => process.Parent == parent))
            {
                found[child.Id] = child.Name;
                open.Push(child.Id);
            }
        }

        return found;
    }

    /// <summary>Reads "id (name) state parent ..."; null when the process has ended meanwhile.</summary>
    private static (int Id, string Name, int Parent)? Stat(string id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
            var parent = text[(close + 2)..].Split(' ')[1];
            return (int.Parse(id, CultureInfo.InvariantCulture), text[(open + 1)..close], int.Parse(parent, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
