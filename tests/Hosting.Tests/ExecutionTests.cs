using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Execution;

namespace Realiz3D.Mesh.Hosting.Tests;

public class ExecutionTests
{
    [Fact]
    public void LastWords_PreferTheExceptionToItsStackTrace()
    {
        var words = new LastWords();
        words.Hear("starting");
        words.Hear("Unhandled exception. System.IO.InvalidDataException: model.safetensors: tensor 'x' is missing.");
        words.Hear("   at Program.Main()");

        Assert.Equal("model.safetensors: tensor 'x' is missing.", words.Sentence);
    }

    [Fact]
    public void LastWords_WithoutException_AreTheLastLine()
    {
        var words = new LastWords();
        words.Hear("first");
        words.Hear("  second ");
        words.Hear(" ");

        Assert.Equal("second", words.Sentence);
    }

    [Fact]
    public void LogPrinter_PutsTheNameInFront_InOneColumn()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var printer = new LogPrinter(output, [new ProjectResource("jobs"), new ProjectResource("gateway")]);

        printer.Print("jobs", "hello");
        printer.Print("gateway", "world");

        Assert.Equal("jobs    | hello\ngateway | world\n", output.ToString());
    }

    [Fact]
    public void Ports_AreFree_Different_AndBelowTheEphemeralRange()
    {
        using var free = new Ports();
        var ports = Enumerable.Range(0, 50).Select(_ => free.TakeFree()).ToList();

        Assert.Equal(50, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 20000, 31999));
        Assert.All(ports, port => Assert.False(free.Take(port)));
    }

    /// <summary>Nobody listens yet on the ports of an application that starts; another must not choose them.</summary>
    [Fact]
    public void Ports_OfOneApplication_AreNotAnothers_UntilItIsGone()
    {
        using var first = new Ports();
        using var second = new Ports();

        // Chosen blindly, about twenty of 500 and 500 among 12000 would be the same.
        var ports = Enumerable.Range(0, 500).Select(_ => first.TakeFree()).ToHashSet();
        Assert.DoesNotContain(Enumerable.Range(0, 500).Select(_ => second.TakeFree()), ports.Contains);

        Assert.True(Ports.IsFree(ports.First())); // to processes it is
        first.Dispose();
        second.Dispose();
        using var third = new Ports();
        Assert.Contains(Enumerable.Range(0, 500).Select(_ => third.TakeFree()), ports.Contains);
    }

    [Fact]
    public void Ports_KnowWhenSomebodyListens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.False(Ports.IsFree(port));

        listener.Stop();
        Assert.True(Ports.IsFree(port));
    }
}
