using System.Text;

namespace Realiz3D.Mesh.Storage.Tests;

public sealed class ArtifactStoreTests : IDisposable
{
    // SHA-256 of "abc", FIPS 180-2 appendix B.1.
    private const string AbcId = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static readonly byte[] s_abc = "abc"u8.ToArray();
    private readonly TemporaryDirectory _directory = new();
    private readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = new ArtifactStore(_directory.Path, maxBytes: 200_000);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Put_NamesBytesByTheirSha256()
    {
        Assert.Equal(AbcId, await _store.PutAsync(s_abc));
        Assert.Equal(s_abc, await _store.ReadAsync(AbcId));
    }

    [Fact]
    public async Task Put_OfAStream_NamesItLikeItsBytes()
    {
        var bytes = Enumerable.Range(0, 150_000).Select(i => (byte)(i * 31)).ToArray();
        using var stream = new MemoryStream(bytes);

        var id = await _store.PutAsync(stream);

        Assert.Equal(await _store.PutAsync(bytes), id);
        Assert.Equal(bytes, await _store.ReadAsync(id));
    }

    [Fact]
    public async Task Put_Twice_StoresOneFileAndLeavesNothingElse()
    {
        using var stream = new MemoryStream(s_abc);
        await _store.PutAsync(s_abc);
        await _store.PutAsync(s_abc);
        await _store.PutAsync(stream);

        var file = Assert.Single(Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories));
        Assert.Equal(Path.Combine(_directory.Path, "ba", AbcId), file);
    }

    [Fact]
    public async Task Put_OverTheLimit_IsRefusedAndLeavesNothing()
    {
        using var stream = new MemoryStream(new byte[200_001]);

        await Assert.ThrowsAsync<InvalidDataException>(() => _store.PutAsync(new byte[200_001]));
        await Assert.ThrowsAsync<InvalidDataException>(() => _store.PutAsync(stream));

        Assert.Empty(Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Put_Cancelled_LeavesNothing()
    {
        using var stream = new MemoryStream(s_abc);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _store.PutAsync(stream, new CancellationToken(canceled: true)));

        Assert.Empty(Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Draft_IsReadBackAndPublished_AndLeavesNothingUnlessItIs()
    {
        await using (var draft = _store.Begin())
        {
            await draft.AppendAsync("a"u8.ToArray());
            await draft.AppendAsync("bc"u8.ToArray());
            Assert.Equal((3, AbcId), (draft.Length, draft.Id));
            Assert.Equal(s_abc, await draft.ReadAsync());
            Assert.False(_store.Exists(AbcId));
            Assert.Equal(AbcId, await draft.PublishAsync());
        }

        await using (var givenUp = _store.Begin())
        {
            await givenUp.AppendAsync("abcd"u8.ToArray());
            await Assert.ThrowsAsync<InvalidDataException>(async () => await givenUp.AppendAsync(new byte[199_997]));
        }

        Assert.Equal(s_abc, await _store.ReadAsync(AbcId));
        Assert.Equal(AbcId, Path.GetFileName(Assert.Single(Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories))));
    }

    [Fact]
    public async Task Draft_OfAProcessThatWasKilled_GoesAfterADay()
    {
        string[] left = [Path.Combine(_directory.Path, ".old.tmp"), Path.Combine(_directory.Path, ".young.tmp")];
        foreach (var (path, hours) in left.Zip([25, 23]))
        {
            await File.WriteAllBytesAsync(path, s_abc);
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow - TimeSpan.FromHours(hours));
        }

        await using var draft = _store.Begin();

        Assert.Equal([false, true], left.Select(File.Exists));
    }

    [Fact]
    public async Task Put_FromManyAtOnce_StoresEachOnce()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 64)
            .Select(i => Task.Run(() => _store.PutAsync(Encoding.ASCII.GetBytes($"artifact {i % 4}")))));

        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(4, Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public async Task Scratch_IsReadLikeAnyOther_UntilItIsTakenAway()
    {
        Assert.Equal(AbcId, await _store.PutScratchAsync(s_abc));
        Assert.True(_store.Exists(AbcId));
        Assert.Equal(s_abc, await _store.ReadAsync(AbcId));

        _store.DeleteScratch(AbcId);

        Assert.False(_store.Exists(AbcId));
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.ReadAsync(AbcId));
        foreach (var none in new[] { AbcId, "", null, "../../etc/passwd" })
        {
            _store.DeleteScratch(none);
        }
    }

    [Fact]
    public async Task Scratch_TakenAway_LeavesTheSameBytesThatWereStoredToStay()
    {
        await _store.PutScratchAsync(s_abc);
        await _store.PutAsync(s_abc);

        _store.DeleteScratch(AbcId);

        Assert.Equal(s_abc, await _store.ReadAsync(AbcId));
    }

    [Fact]
    public async Task Scratch_GoesWhenItIsADayOld_UnlessItWasStoredAnew()
    {
        var old = await _store.PutScratchAsync("old"u8.ToArray());
        var young = await _store.PutScratchAsync("young"u8.ToArray());
        var anew = await _store.PutScratchAsync(s_abc);
        var stays = await _store.PutAsync("stays"u8.ToArray());
        foreach (var path in Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories))
        {
            var age = Path.GetFileName(path) == young ? TimeSpan.FromHours(23) : TimeSpan.FromHours(25);
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow - age);
        }

        await _store.PutScratchAsync(s_abc); // within the hour it does not look
        Assert.True(_store.Exists(old));
        await new ArtifactStore(_directory.Path).PutScratchAsync("new"u8.ToArray());

        Assert.Equal([false, true, true, true], new[] { old, young, anew, stays }.Select(_store.Exists));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a/")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task OpenRead_OfWhatIsNoArtifact_SaysSo(string? id)
    {
        await _store.PutAsync(s_abc);

        Assert.False(_store.Exists(id));
        Assert.Throws<ArtifactNotFoundException>(() => _store.OpenRead(id));
    }
}
