using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>A request in the queue or in the running batch, and the caller who waits for it.</summary>
internal sealed class WaitingStep(StepRequest request, DateTimeOffset since, CancellationToken cancel)
    : QueuedStep(request.Key, request.EffectiveOrigin, request.Items, request.Job is null, since)
{
    private readonly TaskCompletionSource<Tensor> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;

    public StepRequest Request { get; } = request;

    public Task<Tensor> Result => _result.Task;

    /// <summary>Items that have to be computed before its caller is content.</summary>
    public int ItemsNeeded => Math.Max(Items, Request.Job?.Left ?? 0);

    public void OnCancel(Action leave) => _registration = cancel.Register(leave);

    public void ForgetCancel() => _registration.Unregister();

    /// <summary>Hands the rows over; false when the caller has left.</summary>
    public bool Complete(Tensor output)
    {
        ForgetCancel();
        if (cancel.IsCancellationRequested)
        {
            Cancel();
            return false;
        }

        return _result.TrySetResult(output);
    }

    public void Fail(Exception fault)
    {
        ForgetCancel();
        _result.TrySetException(fault);
    }

    public void Cancel()
    {
        ForgetCancel();
        _result.TrySetCanceled(cancel.IsCancellationRequested ? cancel : new CancellationToken(true));
    }
}
