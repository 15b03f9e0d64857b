using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Lets the answer to a request that its own caller has cancelled end as cancelled, and as nothing else.</summary>
/// <remarks>
/// Grpc.Net.Client ends a call by disposing its response. A read of the body that is under way then gets from the runtime an
/// <see cref="IOException"/> ("The request was aborted."), one that begins later an <see cref="ObjectDisposedException"/>, and
/// the client makes UNAVAILABLE and INTERNAL of them: a call that its caller or its deadline ended looks like a fault of
/// the service (the first is described in grpc/grpc-dotnet issue 1214). Here both become
/// <see cref="OperationCanceledException"/>, which the client reports as CANCELLED or DEADLINE_EXCEEDED.
/// </remarks>
/// <param name="inner">Makes the connections, or leads to what makes them.</param>
public sealed class CancelledReads(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.Content = new Answer(response.Content, cancellationToken);
        return response;
    }

    private static bool IsOfCancelling(Exception fault, CancellationToken caller) =>
        caller.IsCancellationRequested && (fault is IOException or ObjectDisposedException);

    private sealed class Answer : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly CancellationToken _caller;

        public Answer(HttpContent inner, CancellationToken caller)
        {
            (_inner, _caller) = (inner, caller);
            foreach (var (name, values) in inner.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

        protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
        {
            try
            {
                return new Body(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), _caller);
            }
            catch (Exception fault) when (IsOfCancelling(fault, _caller))
            {
                throw new OperationCanceledException(fault.Message, fault, _caller);
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _inner.CopyToAsync(stream, context);

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        [SuppressMessage("Usage", "CA2215", Justification = "A base that has ended refuses the next read before this class can say why.")]
        protected override void Dispose(bool disposing) => _inner.Dispose();
    }

    /// <summary>The body as it arrives.</summary>
    private sealed class Body(Stream inner, CancellationToken caller) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (IsOfCancelling(fault, caller))
            {
                throw new OperationCanceledException(fault.Message, fault, caller);
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
