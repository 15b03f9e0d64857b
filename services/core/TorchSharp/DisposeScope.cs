using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns the tensors made on this thread while it is the innermost scope, and disposes them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly HashSet<IDisposable> _disposables = new(ReferenceEqualityComparer.Instance);
    private readonly DisposeScope? _outer;

    internal DisposeScope()
    {
        _outer = DisposeScopeManager.Current;
        DisposeScopeManager.Current = this;
    }

    public int DisposablesCount => _disposables.Count;

    public IReadOnlyList<IDisposable> DisposablesView => [.. _disposables];

    public bool Contains(IDisposable disposable) => _disposables.Contains(disposable);

    public void Attach(IDisposable disposable) => Own(disposable, this);

    public void Attach(params IDisposable[] disposables)
    {
        foreach (var disposable in disposables)
        {
            Attach(disposable);
        }
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        Own(disposable, null);
        return disposable;
    }

    public void Detach(params IDisposable[] disposables)
    {
        foreach (var disposable in disposables)
        {
            Own(disposable, null);
        }
    }

    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        Own(disposable, _outer);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables)
    {
        foreach (var disposable in disposables)
        {
            Own(disposable, _outer);
        }
    }

    public T MoveToOther<T>(DisposeScope scope, T disposable) where T : IDisposable
    {
        Own(disposable, scope);
        return disposable;
    }

    public void DisposeEverything()
    {
        // The set is left alone while its members go: each one asks to be forgotten.
        var owned = _disposables.ToArray();
        _disposables.Clear();
        foreach (var disposable in owned)
        {
            if (disposable is Tensor tensor)
            {
                tensor.OwningScope = null;
            }

            disposable.Dispose();
        }
    }

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        var kept = _disposables.Remove(keep);
        DisposeEverything();
        if (kept)
        {
            _disposables.Add(keep);
        }

        return keep;
    }

    public void MarkAsDisposed(IDisposable disposable) => _disposables.Remove(disposable);

    public void Dispose()
    {
        DisposeEverything();
        if (DisposeScopeManager.Current == this)
        {
            DisposeScopeManager.Current = _outer;
        }
    }

    internal static void Own(IDisposable disposable, DisposeScope? owner)
    {
        if (disposable is Tensor tensor)
        {
            tensor.OwningScope?._disposables.Remove(tensor);
            tensor.OwningScope = owner;
        }

        owner?._disposables.Add(disposable);
    }
}

/// <summary>The innermost scope of each thread and the counts that leak tests read.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScope? s_current;

    [ThreadStatic]
    private static ThreadDisposeScopeStatistics? s_statistics;

    public static ThreadDisposeScopeStatistics Statistics => s_statistics ??= new();

    internal static DisposeScope? Current
    {
        get => s_current;
        set => s_current = value;
    }
}

/// <summary>Counts of one thread since its last <see cref="Reset"/>.</summary>
public class ThreadDisposeScopeStatistics
{
    public LifetimeStatistics TensorStatistics { get; } = new();

    public long CreatedInScopeCount => TensorStatistics.CreatedInScopeCount;

    public long CreatedOutsideScopeCount => TensorStatistics.CreatedOutsideScopeCount;

    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount;

    public void Reset() => TensorStatistics.Reset();
}

/// <summary>How many tensors were made and are alive. A tensor counts for the thread that made it, whichever thread ends it.</summary>
public class LifetimeStatistics
{
    private long _inScope;
    private long _outsideScope;
    private long _live;

    public long CreatedInScopeCount => Interlocked.Read(ref _inScope);

    public long CreatedOutsideScopeCount => Interlocked.Read(ref _outsideScope);

    public long ThreadTotalLiveCount => Interlocked.Read(ref _live);

    public void Reset()
    {
        Interlocked.Exchange(ref _inScope, 0);
        Interlocked.Exchange(ref _outsideScope, 0);
        Interlocked.Exchange(ref _live, 0);
    }

    internal void Made(bool inScope)
    {
        Interlocked.Increment(ref inScope ? ref _inScope : ref _outsideScope);
        Interlocked.Increment(ref _live);
    }

    internal void Ended() => Interlocked.Decrement(ref _live);
}

public static partial class torch
{
    public static DisposeScope NewDisposeScope() => new();
}
