using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>
/// Writes a log entry as one line on the console: <c>warn: Category[7] message</c>, then the exception, its own lines joined.
/// </summary>
/// <remarks>
/// gRPC's server takes a request that its caller broke off for a fault of the method and logs it as an error with a stack
/// trace. Such entries get no line: nothing is wrong here, and thousands a minute would hide what is. Every other exception
/// that gRPC reports, an answer that cannot be written as bytes for one, is kept.
/// </remarks>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private const string CallHandler = "Grpc.AspNetCore.Server.ServerCallHandler";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (entry.Category == CallHandler && entry.Exception is (IOException or OperationCanceledException))
        {
            return;
        }

        var message = entry.Formatter(entry.State, entry.Exception);
        textWriter.Write($"{Abbreviated(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] {Joined(message)}");
        if (entry.Exception is { } exception)
        {
            textWriter.Write($" {Joined(exception.ToString())}");
        }

        textWriter.WriteLine();
    }

    private static string Joined(string text) => text.ReplaceLineEndings(" ");

    private static string Abbreviated(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
