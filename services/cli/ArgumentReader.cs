using System.Globalization;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>Reads arguments one by one, and says of each that cannot be used what it may be.</summary>
/// <param name="arguments">Those behind the command.</param>
internal sealed class ArgumentReader(IReadOnlyList<string> arguments)
{
    private int _next;

    /// <summary>The argument that was read last: an option, or a word that is none.</summary>
    public string Current { get; private set; } = "";

    /// <summary>Whether it is an option.</summary>
    public bool IsOption => Current.StartsWith("--", StringComparison.Ordinal);

    /// <summary>Goes on to the next argument.</summary>
    public bool Next()
    {
        if (_next == arguments.Count)
        {
            return false;
        }

        Current = arguments[_next++];
        return true;
    }

    /// <summary>The option's value.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public string Value() => _next < arguments.Count && !arguments[_next].StartsWith("--", StringComparison.Ordinal) ? arguments[_next++] : throw new UsageException($"{Current} needs a value.");

    /// <summary>The option's value as a whole number.</summary>
    /// <exception cref="UsageException">It is none, or out of range.</exception>
    public int Whole(int least, int most)
    {
        var text = Value();
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new UsageException($"{Current} is '{text}'; it must be a whole number from {least} to {most}.");
    }

    /// <summary>The option's value as a number.</summary>
    /// <exception cref="UsageException">It is none, or out of range.</exception>
    public double Number(double least, double most)
    {
        var text = Value();
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most // NaN fails too
            ? number
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{Current} is '{text}'; it must be a number from {least} to {most}."));
    }

    /// <summary>The option's value as a number where a number follows, otherwise null.</summary>
    /// <exception cref="UsageException">It is out of range.</exception>
    public double? NumberIfAny(double least, double most) =>
        _next < arguments.Count && double.TryParse(arguments[_next], NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? Number(least, most) : null;

    /// <summary>The option's value as one of some words.</summary>
    /// <exception cref="UsageException">It is none of them.</exception>
    public T Choice<T>(params (string Word, T Meaning)[] choices) => Choice(Value(), choices);

    /// <summary>The option's value as some of some words, with commas between them.</summary>
    /// <exception cref="UsageException">One is none of them.</exception>
    public IReadOnlyList<T> Choices<T>((string Word, T Meaning)[] choices) =>
        [.. Value().Split(',').Select(word => Choice(word, choices)).Distinct()];

    private T Choice<T>(string text, (string Word, T Meaning)[] choices)
    {
        var at = Array.FindIndex(choices, choice => choice.Word == text);
        return at >= 0
            ? choices[at].Meaning
            : throw new UsageException($"{Current} is '{text}'; it must be one of {string.Join(", ", choices.Select(choice => choice.Word))}.");
    }
}
