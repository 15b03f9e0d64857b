namespace Realiz3D.Mesh.Serving;

/// <summary>Tenants that take turns: deficit round robin over them, the oldest step first within each.</summary>
/// <remarks>
/// In a round every tenant with a step to take is given a credit of one item; who can pay for a step takes it. Rounds in which
/// nobody can are given at once. Who was served longest ago comes first, also one whose queue was empty meanwhile: a sampler sends
/// its next step only when it has the last. Credit does not outlive the queue. Source: Shreedhar and Varghese 1995, SIGCOMM.
/// </remarks>
/// <typeparam name="T">Type of the steps.</typeparam>
internal sealed class TenantTurns<T>
    where T : QueuedStep
{
    /// <summary>More tenants than this are remembered only while they wait.</summary>
    private const int Remembered = 1024;

    private readonly List<Tenant> _tenants = [];
    private long _turn;

    /// <summary>Whether nobody waits.</summary>
    public bool IsEmpty => _tenants.TrueForAll(tenant => tenant.Steps.Count == 0);

    /// <summary>All that waits, in no order.</summary>
    public IEnumerable<T> Steps => _tenants.SelectMany(tenant => tenant.Steps);

    public void Add(T step)
    {
        var tenant = _tenants.Find(known => known.Name == step.Origin.Tenant);
        if (tenant is null)
        {
            if (_tenants.Count >= Remembered)
            {
                _tenants.RemoveAll(known => known.Steps.Count == 0);
            }

            _tenants.Add(tenant = new Tenant(step.Origin.Tenant));
        }

        var place = tenant.Steps.FindLastIndex(other => other.Since <= step.Since) + 1;
        tenant.Steps.Insert(place, step);
    }

    public bool Remove(T step)
    {
        var tenant = _tenants.Find(known => known.Name == step.Origin.Tenant);
        if (tenant is null || !tenant.Steps.Remove(step))
        {
            return false;
        }

        if (tenant.Steps.Count == 0)
        {
            tenant.Credit = 0;
        }

        return true;
    }

    /// <summary>The step whose turn it is among those that fit; null when none does. Changes nothing.</summary>
    public T? Next(Func<T, bool> fits) => Choose(fits).Chosen?.Step;

    /// <summary>Takes out what <see cref="Next"/> names.</summary>
    public T Take(Func<T, bool> fits)
    {
        var (chosen, all, rounds) = Choose(fits);
        foreach (var candidate in all)
        {
            candidate.Tenant.Credit += rounds;
        }

        var (tenant, step) = chosen ?? throw new InvalidOperationException("No step fits.");
        tenant.Credit -= step.Items;
        tenant.LastTurn = ++_turn;
        Remove(step);
        return step;
    }

    private (Candidate? Chosen, IReadOnlyList<Candidate> All, int Rounds) Choose(Func<T, bool> fits)
    {
        var all = _tenants
            .OrderBy(tenant => tenant.LastTurn)
            .Select(tenant => (Tenant: tenant, Step: tenant.Steps.Find(step => fits(step))))
            .Where(candidate => candidate.Step is not null)
            .Select(candidate => new Candidate(candidate.Tenant, candidate.Step!))
            .ToArray();
        var rounds = all.Select(candidate => candidate.Missing).DefaultIfEmpty().Min();
        return (all.FirstOrDefault(candidate => candidate.Missing <= rounds), all, rounds);
    }

    private sealed record Candidate(Tenant Tenant, T Step)
    {
        /// <summary>Credit that is still wanting.</summary>
        public int Missing => Math.Max(0, Step.Items - Tenant.Credit);
    }

    private sealed class Tenant(string name)
    {
        public string Name { get; } = name;

        public List<T> Steps { get; } = [];

        public int Credit { get; set; }

        public long LastTurn { get; set; }
    }
}
