using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Marshallers that read chunks into rented buffers. Protobuf's parser makes a new array for every one.</summary>
/// <remarks>
/// What travels is the same. A chunk read this way belongs to whoever reads the stream next: its bytes are good until
/// <see cref="TensorFrames"/> has taken them, then its buffer is used again. Clients add a
/// <see cref="PooledFramesInterceptor"/>, services bind through a <see cref="PooledFramesBinder"/>.
/// </remarks>
public static class PooledFrames
{
    private static readonly ConditionalWeakTable<IMethod, IMethod> Methods = [];

    /// <summary>The same method with pooled marshallers where its messages carry frames.</summary>
    /// <remarks>One for each method, since channels keep what they learn of a method for ever.</remarks>
    public static Method<TRequest, TResponse> Of<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class =>
        (Method<TRequest, TResponse>)Methods.GetValue(method, static stock => Pool((Method<TRequest, TResponse>)stock));

    /// <summary>A marshaller that writes as <paramref name="stock"/> does and reads chunks into rented buffers.</summary>
    /// <returns><paramref name="stock"/> itself when its messages have no field for a <see cref="TensorFrame"/>.</returns>
    public static Marshaller<T> Of<T>(Marshaller<T> stock)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(stock);
        if (typeof(T) == typeof(TensorFrame))
        {
            return With(stock, 0, static frame => (T)(object)frame);
        }

        return FrameField<T>() is { } field
            ? With(stock, field.FieldNumber, frame => Wrap<T>(field, frame))
            : stock;
    }

    private static Method<TRequest, TResponse> Pool<TRequest, TResponse>(Method<TRequest, TResponse> stock)
        where TRequest : class
        where TResponse : class =>
        new(stock.Type, stock.ServiceName, stock.Name, Of(stock.RequestMarshaller), Of(stock.ResponseMarshaller));

    private static Marshaller<T> With<T>(Marshaller<T> stock, int frameField, Func<TensorFrame, T> message)
        where T : class => new(
        stock.ContextualSerializer,
        context => ChunkReader.TryRead(context.PayloadAsReadOnlySequence(), frameField, out var offset, out var data)
            ? message(new TensorFrame { Chunk = TensorChunk.Rent(offset, data) })
            : stock.ContextualDeserializer(context));

    private static FieldDescriptor? FrameField<T>() =>
        typeof(IMessage).IsAssignableFrom(typeof(T))
            ? ((IMessage)Activator.CreateInstance<T>()!).Descriptor.Fields.InFieldNumberOrder().FirstOrDefault(
                field => !field.IsRepeated
                    && field.FieldType == FieldType.Message
                    && field.MessageType.ClrType == typeof(TensorFrame))
            : null;

    private static T Wrap<T>(FieldDescriptor field, TensorFrame frame)
    {
        var message = Activator.CreateInstance<T>();
        field.Accessor.SetValue((IMessage)message!, frame);
        return message;
    }
}
