using System.Collections;
using Grpc.Core;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>Keys, values and order of metadata.</summary>
public class MetadataTests
{
    [Theory]
    [InlineData("with space")]
    [InlineData("ümlaut")]
    [InlineData("slash/")]
    public void KeysOutsideTheAlphabet_AreRefused(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata { { key, "value" } });

    [Fact]
    public void SuffixAndKindMustAgree()
    {
        Assert.Throws<ArgumentException>(() => new Metadata { { "text-bin", "value" } });
        Assert.Throws<ArgumentException>(() => new Metadata { { "bytes", new byte[] { 1 } } });
    }

    [Fact]
    public void GetTakesTheLastAndGetAllKeepsTheOrder()
    {
        var metadata = new Metadata { { "Key", "first" }, { "other", "x" }, { "key", "second" } };

        Assert.Equal("second", metadata.GetValue("KEY"));
        Assert.Equal(["first", "second"], metadata.GetAll("key").Select(entry => entry.Value));
        Assert.Null(metadata.Get("missing"));
    }

    [Fact]
    public void GetAll_MayBeWalkedWhileEntriesAreAdded()
    {
        var metadata = new Metadata { { "key", "1" }, { "other", "x" } };
        var all = metadata.GetAll("key");
        metadata.Add("key", "2");
        foreach (var entry in all.Where(entry => entry.Value == "1"))
        {
            metadata.Add("copy", entry.Value);
        }

        Assert.Equal(["1", "2"], all.Select(entry => entry.Value));
        Assert.Equal("1", metadata.GetValue("copy"));
    }

    [Fact]
    public void Entry_KeepsItsBytesFromChange()
    {
        byte[] bytes = [1, 2, 3];
        var entry = new Metadata.Entry("data-bin", bytes);
        bytes[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.Equal([1, 2, 3], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
    }

    [Theory]
    [InlineData("ABC", "abc")]
    [InlineData("0.9_a-Z", "0.9_a-z")]
    public void Entry_KeysAreLowerCase(string given, string kept)
    {
        var entry = new Metadata.Entry(given, "XYZ");

        Assert.Equal(kept, entry.Key);
        Assert.Equal("XYZ", entry.Value);
        Assert.Equal("XYZ"u8.ToArray(), entry.ValueBytes);
        Assert.False(entry.IsBinary);
        Assert.Equal($"[Entry: key={kept}, value=XYZ]", entry.ToString());
    }

    [Fact]
    public void Entry_OfBytes_HasNoText()
    {
        var entry = new Metadata.Entry("Trace-BIN", [7]);

        Assert.True(entry.IsBinary);
        Assert.Equal("trace-bin", entry.Key);
        Assert.Equal("[Entry: key=trace-bin, valueBytes=System.Byte[]]", entry.ToString());
        Assert.Throws<InvalidOperationException>(() => new Metadata { entry }.GetValue("trace-bin"));
    }

    [Fact]
    public void Entry_WithoutKeyOrValue_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("key", () => new Metadata.Entry(null!, "value"));
        Assert.Throws<ArgumentNullException>("value", () => new Metadata.Entry("key", (string)null!));
        Assert.Throws<ArgumentNullException>("valueBytes", () => new Metadata.Entry("key-bin", (byte[])null!));
    }

    [Fact]
    public void GetValueBytes_ReadsTextAsAsciiAndTakesTheLast()
    {
        var metadata = new Metadata { { "text", "ab" }, { "data-bin", [1] }, { "data-bin", [2, 3] } };

        Assert.Equal([97, 98], metadata.GetValueBytes("TEXT"));
        Assert.Equal([2, 3], metadata.GetValueBytes("data-bin"));
        Assert.Null(metadata.GetValueBytes("missing-bin"));
        Assert.Null(metadata.GetValue("missing"));
        Assert.Empty(metadata.GetAll("missing"));
    }

    [Fact]
    public void List_ChangesAsListsDo()
    {
        var first = new Metadata.Entry("a", "1");
        var second = new Metadata.Entry("b", "2");
        var third = new Metadata.Entry("c", "3");
        var metadata = new Metadata { first };
        metadata.Add("b", "2");
        metadata[1] = second;
        metadata.Insert(1, third);

        Assert.Equal([first, third, second], metadata);
        Assert.Equal(2, metadata.IndexOf(second));
        // Entries compare as objects, whatever they hold.
        Assert.Equal((true, false), (metadata.Contains(third), metadata.Contains(new Metadata.Entry("c", "3"))));
        Assert.False(metadata.IsReadOnly);

        var copy = new Metadata.Entry[4];
        metadata.CopyTo(copy, 1);
        Assert.Equal([null!, first, third, second], copy);

        Assert.True(metadata.Remove(first));
        Assert.False(metadata.Remove(first));
        metadata.RemoveAt(0);
        Assert.Same(second, Assert.Single((IEnumerable)metadata));
        metadata.Clear();
        Assert.Empty(metadata);
        Assert.Throws<ArgumentNullException>(() => metadata.Add(null!));
    }

    [Fact]
    public void Empty_RefusesEveryChange()
    {
        var entry = new Metadata.Entry("key", "value");
        Action[] changes =
        [
            () => Metadata.Empty.Add(entry),
            () => Metadata.Empty.Add("key", "value"),
            () => Metadata.Empty.Add("key-bin", [1]),
            () => Metadata.Empty.Insert(0, entry),
            () => Metadata.Empty[0] = entry,
            () => Metadata.Empty.Remove(entry),
            () => Metadata.Empty.RemoveAt(0),
            Metadata.Empty.Clear,
        ];

        Assert.All(changes, change => Assert.Throws<InvalidOperationException>(change));
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Empty(Metadata.Empty);
    }
}
