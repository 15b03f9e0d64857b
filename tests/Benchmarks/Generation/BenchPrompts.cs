using Realiz3D.Mesh.Scenes;

namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>One prompt of the benchmark and what its asset must show.</summary>
/// <param name="Name">Name of its folder.</param>
/// <param name="Text">The prompt.</param>
/// <param name="Category">The category that the classifier should name.</param>
/// <param name="Colour">The colour that the mean albedo should be nearest to.</param>
internal sealed record BenchPrompt(string Name, string Text, SceneCategory Category, SceneColour Colour);

/// <summary>The prompts: one per category, chosen before any was painted, all twelve colours among them.</summary>
internal static class BenchPrompts
{
    public static IReadOnlyList<BenchPrompt> All { get; } =
    [
        Of("vase", "a glossy red ceramic vase"),
        Of("mug", "a blue ceramic mug"),
        Of("bowl", "a white ceramic bowl"),
        Of("bottle", "a green plastic bottle"),
        Of("chair", "a brown wooden chair"),
        Of("table", "a purple plastic table"),
        Of("lamp", "an orange plastic lamp"),
        Of("car", "a red painted metal car"),
        Of("airplane", "a gray painted metal airplane"),
        Of("house", "a yellow house"),
        Of("tree", "a green tree"),
        Of("mushroom", "a pink rubber mushroom"),
        Of("rocket", "an orange painted metal rocket"),
        Of("snowman", "a white snowman"),
        Of("sword", "a black painted metal sword"),
        Of("robot", "a cyan plastic robot"),
    ];

    // What is asked for is read from the prompt by the grammar itself, so that the two cannot disagree.
    private static BenchPrompt Of(string name, string text)
    {
        var asked = Captions.Parse(text).Attributes;
        return new BenchPrompt(name, text, asked.Category!.Value, asked.Colour!.Value);
    }
}
