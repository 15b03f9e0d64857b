namespace Grpc.Core;

/// <summary>What all kinds of calls share: headers, status, trailers and disposal, with or without a state object.</summary>
internal readonly struct AsyncCallState
{
    private readonly object? _state;
    private readonly object _responseHeaders;
    private readonly object _getStatus;
    private readonly object _getTrailers;
    private readonly object _dispose;

    public AsyncCallState(
        Func<object, Task<Metadata>> responseHeaders,
        Func<object, Status> getStatus,
        Func<object, Metadata> getTrailers,
        Action<object> dispose,
        object state)
    {
        (_state, _responseHeaders, _getStatus, _getTrailers, _dispose) =
            (state, responseHeaders, getStatus, getTrailers, dispose);
    }

    public AsyncCallState(
        Task<Metadata> responseHeaders,
        Func<Status> getStatus,
        Func<Metadata> getTrailers,
        Action dispose)
    {
        (_state, _responseHeaders, _getStatus, _getTrailers, _dispose) =
            (null, responseHeaders, getStatus, getTrailers, dispose);
    }

    // A call that was made for a test may have no headers at all.
    public Task<Metadata> ResponseHeadersAsync() =>
        _responseHeaders is Func<object, Task<Metadata>> get ? get(_state!) : (Task<Metadata>)_responseHeaders;

    public Status GetStatus() =>
        _getStatus is Func<Status> get ? get() : ((Func<object, Status>)_getStatus)(_state!);

    public Metadata GetTrailers() =>
        _getTrailers is Func<Metadata> get ? get() : ((Func<object, Metadata>)_getTrailers)(_state!);

    public void Dispose()
    {
        if (_dispose is Action dispose)
        {
            dispose();
        }
        else
        {
            ((Action<object>)_dispose)(_state!);
        }
    }
}
