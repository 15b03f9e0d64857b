using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Utils;
using Grpc.Reflection.V1;
using static Grpc.Reflection.V1.ServerReflectionRequest;

namespace Grpc.Reflection;

/// <summary>Answers questions about services and files, for both versions of the protocol.</summary>
internal sealed class ReflectionAnswers
{
    private readonly List<string> _services;
    private readonly SymbolRegistry _symbols;

    public ReflectionAnswers(IEnumerable<string> services, SymbolRegistry symbols)
    {
        _services = [.. GrpcPreconditions.CheckNotNull(services, nameof(services))];
        _symbols = GrpcPreconditions.CheckNotNull(symbols, nameof(symbols));
    }

    public ReflectionAnswers(IEnumerable<ServiceDescriptor> services)
    {
        var all = GrpcPreconditions.CheckNotNull(services, nameof(services)).ToList();
        _services = [.. all.Select(service => service.FullName)];
        _symbols = SymbolRegistry.FromFiles(all.Select(service => service.File).Distinct());
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        MessageRequestOneofCase.FileByFilename =>
            Files(_symbols.FileByName(request.FileByFilename), "File not found."),
        MessageRequestOneofCase.FileContainingSymbol =>
            Files(_symbols.FileContainingSymbol(request.FileContainingSymbol), "Symbol not found."),
        MessageRequestOneofCase.ListServices => List(),
        _ => Error(StatusCode.Unimplemented, "Request type not supported by C# reflection service."),
    };

    private static ServerReflectionResponse Files(FileDescriptor? file, string otherwise)
    {
        if (file is null)
        {
            return Error(StatusCode.NotFound, otherwise);
        }

        // The file itself first, then what it imports, each once: a client can then read them without asking again.
        List<FileDescriptor> files = [file];
        for (var i = 0; i < files.Count; i++)
        {
            files.AddRange(files[i].Dependencies.Where(imported => !files.Contains(imported)));
        }

        var response = new FileDescriptorResponse();
        response.FileDescriptorProto.AddRange(files.Select(each => each.SerializedData));
        return new ServerReflectionResponse { FileDescriptorResponse = response };
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };

    private ServerReflectionResponse List()
    {
        var response = new ListServiceResponse();
        response.Service.AddRange(_services.Select(name => new ServiceResponse { Name = name }));
        return new ServerReflectionResponse { ListServicesResponse = response };
    }
}
