using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Scenes;

/// <summary>What a stream of draws is for. Streams of one seed are independent, so that one choice never shifts another.</summary>
internal enum DrawStream
{
    Attributes = 1,
    Shape = 2,
    Surface = 3,
    Caption = 4,
}

/// <summary>Numbers drawn one after another from one stream of a seed.</summary>
internal sealed class Draws(ulong seed, DrawStream stream)
{
    private readonly Philox _philox = new(seed, DrawPurpose.Data);
    private long _drawn;

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + (high - low) * Next();

    /// <summary>Uniform over 0 to count - 1.</summary>
    public int Index(int count) => (int)(Next() * count);

    public bool Chance(double probability) => Next() < probability;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Index(choices.Count)];

    private double Next() => _philox.Uniform((int)stream, _drawn++);
}
