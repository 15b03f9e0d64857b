namespace Realiz3D.Mesh.Denoising;

/// <summary>Things that are loaded when somebody asks, kept while they are used, and of the others the last few.</summary>
/// <param name="spare">Most that are kept unused.</param>
internal sealed class Shelf<T>(int spare) : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Place> _places = []; // what was taken last stands last
    private bool _isClosed;

    /// <summary>Takes a thing, loading it if need be.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="load">Loads it.</param>
    /// <returns>The thing, and a use of it to dispose.</returns>
    public (T Item, IDisposable Use) Take(string name, Func<T> load)
    {
        lock (_lock)
        {
            var place = _places.Find(known => known.Name == name) ?? new Place(this, name, load());
            _places.Remove(place);
            _places.Add(place);
            place.Uses++;
            return (place.Item, new Use(place));
        }
    }

    /// <summary>Frees what is unused now, and the rest with its last use.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            Trim();
        }
    }

    private void Trim()
    {
        var unused = _places.Where(place => place.Uses == 0).ToArray();
        foreach (var place in unused.SkipLast(_isClosed ? 0 : spare))
        {
            _places.Remove(place);
            place.Item.Dispose();
        }
    }

    private sealed class Place(Shelf<T> shelf, string name, T item)
    {
        public string Name { get; } = name;

        public T Item { get; } = item;

        public int Uses { get; set; }

        public void GiveBack()
        {
            lock (shelf._lock)
            {
                Uses--;
                shelf.Trim();
            }
        }
    }

    private sealed class Use(Place place) : IDisposable
    {
        private Place? _place = place;

        public void Dispose() => Interlocked.Exchange(ref _place, null)?.GiveBack();
    }
}
