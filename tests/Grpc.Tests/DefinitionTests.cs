using System.Text;
using Grpc.Core;
using Grpc.Core.Utils;
using Realiz3D.Mesh.Grpc.Tests.Wire;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>Methods, service definitions, peers and the small types around them.</summary>
public class DefinitionTests
{
    private static readonly Marshaller<string> Text = Marshallers.StringMarshaller;

    [Fact]
    public void Method_IsNamedAsItTravels()
    {
        var method = Unary("Say");

        Assert.Equal("/tests.Greeter/Say", method.FullName);
        Assert.Equal(("tests.Greeter", "Say", MethodType.Unary), (method.ServiceName, method.Name, method.Type));
        Assert.Same(Text, method.RequestMarshaller);
        Assert.Same(Text, method.ResponseMarshaller);
        Assert.Throws<ArgumentNullException>("name", () => Unary(null!));
    }

    [Fact]
    public void Definition_HandsItsMethodsToTheBinder_InOrder()
    {
        UnaryServerMethod<string, string> say = (request, _) => Task.FromResult(request);
        DuplexStreamingServerMethod<string, string> talk = (_, _, _) => Task.CompletedTask;
        var binder = new RecordingBinder();

        ServerServiceDefinition.CreateBuilder().AddMethod(Unary("Say"), say).AddMethod(Unary("Talk"), talk).Build().BindService(binder);

        Assert.Equal(["Say", "Talk"], binder.Methods.Select(method => method.Name));
        Assert.Equal(say, binder.Methods[0].Handler);
        Assert.Equal(talk, binder.Methods[1].Handler);
        Assert.Throws<ArgumentException>(() =>
            ServerServiceDefinition.CreateBuilder().AddMethod(Unary("Say"), say).AddMethod(Unary("Say"), say));
    }

    [Fact]
    public void Binder_ThatOverridesNothing_RefusesMethods() => Assert.Throws<NotImplementedException>(() =>
        new ServiceBinderBase().AddMethod(Unary("Say"), (UnaryServerMethod<string, string>?)null));

    [Fact]
    public void ServiceBase_NamesWhatBindsIt()
    {
        var attribute = (BindServiceMethodAttribute)Attribute.GetCustomAttribute(
            typeof(CounterService.CounterServiceBase), typeof(BindServiceMethodAttribute))!;

        Assert.Equal((typeof(CounterService), "BindService"), (attribute.BindType, attribute.BindMethodName));
    }

    [Fact]
    public void AuthContext_FindsWhoThePeerIs()
    {
        var name = AuthProperty.Create("name", Encoding.UTF8.GetBytes("Zoë"));
        var role = AuthProperty.Create("role", [65]);
        var context = new AuthContext("name", new() { ["name"] = [name], ["role"] = [role] });

        Assert.True(context.IsPeerAuthenticated);
        Assert.Equal([name], context.PeerIdentity);
        Assert.Equal([name, role], context.Properties);
        Assert.Equal([role], context.FindPropertiesByName("role"));
        Assert.Empty(context.FindPropertiesByName("missing"));
        Assert.Equal(("Zoë", "A"), (name.Value, role.Value));
        role.ValueBytes[0] = 0;
        Assert.Equal([65], role.ValueBytes);

        Assert.Throws<KeyNotFoundException>(() => new AuthContext("serial", new() { ["name"] = [name] }).PeerIdentity);
        var stranger = new AuthContext(null, []);
        Assert.False(stranger.IsPeerAuthenticated);
        Assert.Empty(stranger.PeerIdentity);
    }

    [Fact]
    public void Preconditions_ThrowByKind()
    {
        Assert.Equal("x", GrpcPreconditions.CheckNotNull("x", "name"));
        Assert.Throws<ArgumentNullException>("name", () => GrpcPreconditions.CheckNotNull<string>(null!, "name"));
        Assert.Equal("why", Assert.Throws<ArgumentException>(() => GrpcPreconditions.CheckArgument(false, "why")).Message);
        Assert.Equal("why", Assert.Throws<InvalidOperationException>(() => GrpcPreconditions.CheckState(false, "why")).Message);
        GrpcPreconditions.CheckArgument(true);
        GrpcPreconditions.CheckState(true, "never said");
    }

    [Fact]
    public void Propagation_TakesOverBothByDefault()
    {
        var options = new ContextPropagationOptions(propagateDeadline: false);

        Assert.Equal((false, true), (options.IsPropagateDeadline, options.IsPropagateCancellation));
        Assert.True(ContextPropagationOptions.Default.IsPropagateDeadline);
        Assert.Equal(WriteFlags.NoCompress, new WriteOptions(WriteFlags.NoCompress).Flags);
        Assert.Equal(0, (int)WriteOptions.Default.Flags);
    }

    [Fact]
    public void Status_IsTextForPeopleAndComparesByValue()
    {
        var status = new Status(StatusCode.NotFound, "gone");

        Assert.Equal("Status(StatusCode=\"NotFound\", Detail=\"gone\")", status.ToString());
        Assert.Equal(new Status(StatusCode.NotFound, "gone"), status);
        Assert.Equal((StatusCode.OK, ""), (Status.DefaultSuccess.StatusCode, Status.DefaultSuccess.Detail));
        Assert.Equal((StatusCode.Cancelled, ""), (Status.DefaultCancelled.StatusCode, Status.DefaultCancelled.Detail));
        var trailers = new Metadata { { "why", "gone" } };
        var exception = new RpcException(status, trailers, "said otherwise");
        Assert.Equal(("said otherwise", StatusCode.NotFound), (exception.Message, exception.StatusCode));
        Assert.Same(trailers, exception.Trailers);
        Assert.Throws<ArgumentNullException>("trailers", () => new RpcException(status, (Metadata)null!));
    }

    private static Method<string, string> Unary(string name) =>
        new(MethodType.Unary, "tests.Greeter", name, Text, Text);

    private sealed class RecordingBinder : ServiceBinderBase
    {
        public List<(string Name, Delegate? Handler)> Methods { get; } = [];

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            Methods.Add((method.Name, handler));

        public override void AddMethod<TRequest, TResponse>(
            Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            Methods.Add((method.Name, handler));
    }
}
