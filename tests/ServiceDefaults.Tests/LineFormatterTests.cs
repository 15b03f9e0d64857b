using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Realiz3D.Mesh.ServiceDefaults.Tests;

public sealed class LineFormatterTests
{
    private const string CallHandler = "Grpc.AspNetCore.Server.ServerCallHandler";

    [Fact]
    public void AnEntryIsOneLineWithItsException() => Assert.Equal(
        "fail: Some.Category[6] two lines System.InvalidOperationException: no room" + Environment.NewLine,
        Line("Some.Category", new InvalidOperationException("no\nroom"), "two\nlines"));

    [Fact]
    public void ARequestThatItsCallerBrokeOffGetsNoLine()
    {
        Assert.Empty(Line(CallHandler, new ConnectionResetException("The client reset the request stream.")));
        Assert.Empty(Line(CallHandler, new IOException("The client reset the request stream.")));
        Assert.Empty(Line(CallHandler, new OperationCanceledException()));
    }

    [Fact]
    public void AnAnswerThatCannotBeWrittenIsLogged() =>
        Assert.Contains("no marshaller", Line(CallHandler, new InvalidOperationException("no marshaller")), StringComparison.Ordinal);

    [Fact]
    public void AFailureOfOurOwnFilesIsLogged() =>
        Assert.Contains("disk full", Line("Realiz3D.Mesh.Storage", new IOException("disk full")), StringComparison.Ordinal);

    private static string Line(string category, Exception exception, string message = "Error when executing service method.")
    {
        var entry = new LogEntry<string>(LogLevel.Error, category, new EventId(6), message, exception, (state, _) => state);
        using var writer = new StringWriter();
        new LineFormatter().Write(entry, scopeProvider: null, writer);
        return writer.ToString();
    }
}
