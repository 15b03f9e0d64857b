using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Core.Utils;
using Grpc.Reflection.V1Alpha;

namespace Grpc.Reflection;

/// <summary>Serves <c>grpc.reflection.v1alpha</c>.</summary>
public class ReflectionServiceImpl : V1Alpha.ServerReflection.ServerReflectionBase
{
    private readonly ReflectionAnswers _answers;

    /// <summary>Tells of services by name, whose files are in the registry.</summary>
    public ReflectionServiceImpl(IEnumerable<string> services, SymbolRegistry symbolRegistry) =>
        _answers = new ReflectionAnswers(services, symbolRegistry);

    /// <summary>Tells of these services.</summary>
    public ReflectionServiceImpl(IEnumerable<ServiceDescriptor> serviceDescriptors) =>
        _answers = new ReflectionAnswers(serviceDescriptors);

    /// <summary>Tells of these services.</summary>
    public ReflectionServiceImpl(params ServiceDescriptor[] serviceDescriptors)
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
            await responseStream.WriteAsync(Answer(requestStream.Current)).ConfigureAwait(false);
        }
    }

    /// <summary>The messages of both versions are the same bytes.</summary>
    private ServerReflectionResponse Answer(ServerReflectionRequest request) => ServerReflectionResponse.Parser.ParseFrom(
        _answers.Answer(V1.ServerReflectionRequest.Parser.ParseFrom(request.ToByteString())).ToByteString());
}
