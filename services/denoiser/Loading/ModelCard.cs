namespace Realiz3D.Mesh.Denoising;

/// <summary>Reads what a model folder's README.md says between its two lines of dashes.</summary>
internal static class ModelCard
{
    private const string Key = "license:";

    /// <summary>The licence, as Hugging Face's model cards state it.</summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>Its value, or empty when there is no card or it states none.</returns>
    public static string Licence(string folder)
    {
        var card = Path.Combine(folder, "README.md");
        if (!File.Exists(card))
        {
            return "";
        }

        using var lines = File.ReadLines(card).GetEnumerator();
        if (!lines.MoveNext() || lines.Current != "---")
        {
            return "";
        }

        while (lines.MoveNext() && lines.Current != "---")
        {
            if (lines.Current.StartsWith(Key, StringComparison.OrdinalIgnoreCase))
            {
                return lines.Current[Key.Length..].Trim();
            }
        }

        return "";
    }
}
