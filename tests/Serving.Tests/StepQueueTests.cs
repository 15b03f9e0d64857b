namespace Realiz3D.Mesh.Serving.Tests;

/// <summary>The order of steps, by values: one thread, and the time is an argument.</summary>
public sealed class StepQueueTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly StepQueue<Step> _queue = new();

    [Fact]
    public void Classes_ShareEightToFourToOne()
    {
        foreach (var each in Enum.GetValues<StepClass>())
        {
            Add(130, new StepOrigin(each));
        }

        var taken = Take(130).CountBy(step => step.Origin.Class).ToDictionary();

        Assert.Equal((80, 40, 10), (taken[StepClass.Preview], taken[StepClass.Interactive], taken[StepClass.Batch]));
    }

    [Fact]
    public void ClassThatWasIdle_GetsNoArrears()
    {
        Add(200, new StepOrigin(StepClass.Interactive));
        Take(100);
        Add(100, new StepOrigin(StepClass.Preview));

        var taken = Take(30).CountBy(step => step.Origin.Class).ToDictionary();

        Assert.Equal(20, taken[StepClass.Preview], 1.0); // 8 : 4 from now on
        Assert.Equal(10, taken[StepClass.Interactive], 1.0);
    }

    [Fact]
    public void Tenants_ShareByItems_NotBySteps()
    {
        Add(40, new StepOrigin(Tenant: "large"), items: 6);
        Add(200, new StepOrigin(Tenant: "small"), items: 1);

        var taken = Take(70);

        var large = taken.Where(step => step.Origin.Tenant == "large").Sum(step => step.Items);
        var small = taken.Where(step => step.Origin.Tenant == "small").Sum(step => step.Items);
        Assert.Equal(60, large, 6.0);
        Assert.Equal(60, small, 6.0);
    }

    [Fact]
    public void TenantWithManySteps_DoesNotPassOneThatSendsThemOneByOne()
    {
        Add(20, new StepOrigin(Tenant: "many"), items: 2);
        Add(1, new StepOrigin(Tenant: "one"), items: 2);
        List<string> order = [];
        for (var i = 0; i < 10; i++)
        {
            order.Add(Take(1)[0].Origin.Tenant);
            if (i > 0 && order[i - 1] == "one")
            {
                Add(1, new StepOrigin(Tenant: "one"), items: 2); // a sampler's next step comes while another's runs
            }
        }

        Assert.Equal(5, order.Count(name => name == "one"));
    }

    [Theory]
    [InlineData(0, 8)]      // its class has had a whole item, the preview class an eighth of one
    [InlineData(60, 2)]     // that class has had a quarter
    [InlineData(120, 0)]    // one of the previews, and its tenant has the turn
    public void Step_RisesByOneClass_PerMinute(int secondsWaited, int place)
    {
        Add(1, new StepOrigin(StepClass.Batch));
        Add(1, new StepOrigin(StepClass.Interactive));
        Add(1, new StepOrigin(StepClass.Preview));
        Take(3);
        Add(100, new StepOrigin(StepClass.Preview), since: Start + TimeSpan.FromSeconds(secondsWaited));
        Add(1, new StepOrigin(StepClass.Batch, "aged"));

        var taken = Take(20, Start + TimeSpan.FromSeconds(secondsWaited));

        Assert.Equal(place, taken.FindIndex(step => step.Origin.Tenant == "aged"));
    }

    [Fact]
    public void Batch_HoldsOneKey_UpToTheLimit_OldestFirst()
    {
        var steps = new[] { ("a", 3), ("b", 1), ("a", 3), ("a", 1), ("a", 2) }
            .Select((step, i) => Add(step.Item1, step.Item2, Start.AddSeconds(i))).ToArray();

        Assert.Equal([steps[0], steps[2], steps[3]], _queue.TakeBatch(Start, _ => 7));
        Assert.Equal([steps[1]], _queue.TakeBatch(Start, _ => 7));
        Assert.Equal([steps[4]], _queue.TakeBatch(Start, _ => 7));
        Assert.Equal(0, _queue.Items);
        Assert.Empty(_queue.TakeBatch(Start, _ => 7));
    }

    [Fact]
    public void StepOverTheLimit_RunsAlone()
    {
        var large = Add("a", 9, Start);
        Add("a", 1, Start.AddSeconds(1));

        Assert.Equal([large], _queue.TakeBatch(Start, _ => 8));
        Assert.Equal(1, _queue.Items);
    }

    [Fact]
    public void Calls_JoinTheNextBatch_BeforeJobsThatCameFirst()
    {
        var jobs = Enumerable.Range(0, 4).Select(i => Add("a", 4, Start.AddSeconds(i))).ToArray();
        var calls = Enumerable.Range(0, 3).Select(_ => Add("a", 2, Start.AddSeconds(9), isCall: true)).ToArray();

        // Room for 12: the job whose turn it is, calls for half of it, and what still fits.
        Assert.Equal([jobs[0], .. calls], _queue.TakeBatch(Start, _ => 12));
        Assert.Equal([jobs[1], jobs[2], jobs[3]], _queue.TakeBatch(Start, _ => 12));
    }

    [Fact]
    public void FloodOfCalls_LeavesHalfOfTheBatchToJobs()
    {
        var jobs = Enumerable.Range(0, 4).Select(i => Add("a", 2, Start.AddSeconds(i))).ToArray();
        for (var i = 0; i < 50; i++)
        {
            Add("a", 1, Start.AddSeconds(9), isCall: true);
        }

        var batch = _queue.TakeBatch(Start, _ => 16);

        Assert.Equal(8, batch.Where(step => step.IsCall).Sum(step => step.Items));
        Assert.Superset(jobs.ToHashSet(), batch.ToHashSet());
    }

    [Fact]
    public void CallThatDoesNotFit_OpensTheNextBatch_ButNeverTwiceInARow()
    {
        for (var i = 0; i < 10; i++)
        {
            Add("a", 4, Start);
            Add("b", 1, Start.AddSeconds(9), isCall: true);
        }

        var keys = Enumerable.Range(0, 4).Select(_ => (string)_queue.TakeBatch(Start, _ => 4)[0].Key);

        Assert.Equal(["b", "a", "b", "a"], keys);
    }

    [Fact]
    public void CallThatIsTooLargeForTheBatch_OpensTheNextOne()
    {
        Add("a", 4, Start);
        var call = Add("a", 2, Start.AddSeconds(9), isCall: true);

        Assert.Equal([call], _queue.TakeBatch(Start, _ => 5)); // beside the job there is room for one
    }

    [Fact]
    public void TenantThatComesLater_GetsNoArrears()
    {
        Add(100, new StepOrigin(Tenant: "first"));
        Take(50);
        Add(100, new StepOrigin(Tenant: "later"));

        var taken = Take(20);

        Assert.Equal(10, taken.Count(step => step.Origin.Tenant == "later"));
    }

    [Fact]
    public void TenantThatLeaves_ForgoesItsCredit()
    {
        Add(1, new StepOrigin(Tenant: "stays"), items: 6);
        Add(1, new StepOrigin(Tenant: "leaves"), items: 6);
        Assert.Equal("stays", _queue.TakeBatch(Start, _ => 6).Single().Origin.Tenant); // both were given credit for six items
        _queue.TakeOut(_ => true);
        Add(10, new StepOrigin(Tenant: "stays"));
        Add(10, new StepOrigin(Tenant: "leaves"));

        var taken = Take(8);

        Assert.Equal(4, taken.Count(step => step.Origin.Tenant == "leaves"));
    }

    [Fact]
    public void Remove_TakesAStepOutOnce()
    {
        var first = Add("a", 2, Start);
        var second = Add("a", 3, Start);

        Assert.True(_queue.Remove(first));
        Assert.False(_queue.Remove(first));
        Assert.Equal(3, _queue.Items);
        Assert.Equal([second], _queue.TakeOut(step => step.Items == 3));
        Assert.Equal(0, _queue.Items);
    }

    private void Add(int count, StepOrigin origin, int items = 1, DateTimeOffset? since = null)
    {
        for (var i = 0; i < count; i++)
        {
            _queue.Add(new Step("key", origin, items, false, since ?? Start));
        }
    }

    private Step Add(string key, int items, DateTimeOffset since, bool isCall = false)
    {
        var step = new Step(key, new StepOrigin(), items, isCall, since);
        _queue.Add(step);
        return step;
    }

    private List<Step> Take(int count, DateTimeOffset? now = null) =>
        [.. Enumerable.Range(0, count).Select(_ => Assert.Single(_queue.TakeBatch(now ?? Start, _ => 1)))];

    private sealed class Step(object key, StepOrigin origin, int items, bool isCall, DateTimeOffset since)
        : QueuedStep(key, origin, items, isCall, since);
}
