using System.Collections;
using Grpc.Core.Utils;

namespace Grpc.Core;

/// <summary>Headers or trailers of a call: text entries, and binary entries whose keys end in <c>-bin</c>.</summary>
public sealed partial class Metadata : IList<Metadata.Entry>
{
    /// <summary>Ends the key of every binary entry, and of no other.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>No entries, and none can be added.</summary>
    public static readonly Metadata Empty = new() { _frozen = true };

    private readonly List<Entry> _entries = [];
    private bool _frozen;

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => _frozen;

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            GrpcPreconditions.CheckNotNull(value, nameof(value));
            CheckWritable();
            _entries[index] = value;
        }
    }

    /// <summary>The last entry of this key (case does not matter), or null.</summary>
    public Entry? Get(string key) => _entries.FindLast(entry => entry.HasKey(key));

    /// <summary>The text of the last entry of this key, or null. Throws when that entry is binary.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry of this key (text as ASCII), or null.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>Every entry of this key, in order, as they are when they are asked for; entries may be added meanwhile.</summary>
    public IEnumerable<Entry> GetAll(string key)
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].HasKey(key))
            {
                yield return _entries[i];
            }
        }
    }

    /// <summary>Adds a text entry. The key must not end in <c>-bin</c>.</summary>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds a binary entry. The key must end in <c>-bin</c>.</summary>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item)
    {
        GrpcPreconditions.CheckNotNull(item, nameof(item));
        CheckWritable();
        _entries.Add(item);
    }

    /// <inheritdoc/>
    public void Insert(int index, Entry item)
    {
        GrpcPreconditions.CheckNotNull(item, nameof(item));
        CheckWritable();
        _entries.Insert(index, item);
    }

    /// <inheritdoc/>
    public bool Remove(Entry item)
    {
        CheckWritable();
        return _entries.Remove(item);
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        CheckWritable();
        _entries.RemoveAt(index);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        CheckWritable();
        _entries.Clear();
    }

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void CheckWritable() => GrpcPreconditions.CheckState(!_frozen, "Object is read only");
}
