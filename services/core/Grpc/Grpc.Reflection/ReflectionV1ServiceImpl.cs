using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Utils;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

/// <summary>Serves <c>grpc.reflection.v1</c>.</summary>
public class ReflectionV1ServiceImpl : V1.ServerReflection.ServerReflectionBase
{
    private readonly ReflectionAnswers _answers;

    /// <summary>Tells of services by name, whose files are in the registry.</summary>
    public ReflectionV1ServiceImpl(IEnumerable<string> services, SymbolRegistry symbolRegistry) =>
        _answers = new ReflectionAnswers(services, symbolRegistry);

    /// <summary>Tells of these services.</summary>
    public ReflectionV1ServiceImpl(IEnumerable<ServiceDescriptor> serviceDescriptors) =>
        _answers = new ReflectionAnswers(serviceDescriptors);

    /// <summary>Tells of these services.</summary>
    public ReflectionV1ServiceImpl(params ServiceDescriptor[] serviceDescriptors)
        : this((IEnumerable<ServiceDescriptor>)serviceDescriptors)
    {
    }

    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        GrpcPreconditions.CheckNotNull(requestStream, nameof(requestStream));
        GrpcPreconditions.CheckNotNull(responseStream, nameof(responseStream));
        while (await requestStream.MoveNext().ConfigureAwait(false))
        {
            await responseStream.WriteAsync(_answers.Answer(requestStream.Current)).ConfigureAwait(false);
        }
    }
}
