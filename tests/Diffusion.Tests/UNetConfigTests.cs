using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Diffusion.Tests;

public class UNetConfigTests
{
    /// <summary>Two levels, written out so that a single key can be replaced.</summary>
    private const string Small = """
        "block_out_channels": [8, 16], "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"], "norm_num_groups": 4, "cross_attention_dim": 12,
        "attention_head_dim": 2
        """;

    [Theory]
    [InlineData("\"down_block_types\": [\"SimpleCrossAttnDownBlock2D\", \"DownBlock2D\"]", "down_block_types")]
    [InlineData("\"up_block_types\": [\"UpBlock2D\", \"ResnetUpsampleBlock2D\"]", "up_block_types")]
    [InlineData("\"up_block_types\": [\"UpBlock2D\"]", "up_block_types")]
    [InlineData("\"mid_block_type\": \"UNetMidBlock2DSimpleCrossAttn\"", "mid_block_type")]
    [InlineData("\"act_fn\": \"tanh\"", "act_fn")]
    [InlineData("\"timestep_post_act\": \"tanh\"", "timestep_post_act")]
    [InlineData("\"time_embedding_act_fn\": \"tanh\"", "time_embedding_act_fn")]
    [InlineData("\"norm_num_groups\": 3", "norm_num_groups")]
    [InlineData("\"dual_cross_attention\": true", "dual_cross_attention")]
    [InlineData("\"num_attention_heads\": 4", "num_attention_heads")]
    [InlineData("\"attention_head_dim\": [2]", "attention_head_dim")]
    [InlineData("\"attention_head_dim\": 9", "attention_head_dim")]
    [InlineData("\"layers_per_block\": [1, 2, 3]", "layers_per_block")]
    [InlineData("\"only_cross_attention\": [true]", "only_cross_attention")]
    [InlineData("\"transformer_layers_per_block\": [[1, 1], [1, 1]]", "reverse_transformer_layers_per_block")]
    [InlineData("\"reverse_transformer_layers_per_block\": 1", "reverse_transformer_layers_per_block")]
    [InlineData("\"class_embed_type\": \"projection\"", "projection_class_embeddings_input_dim")]
    [InlineData("\"class_embed_type\": \"other\"", "class_embed_type")]
    [InlineData("\"class_embeddings_concat\": true", "class_embeddings_concat")]
    [InlineData("\"addition_embed_type\": \"image_hint\"", "addition_embed_type")]
    [InlineData("\"addition_embed_type\": \"text_time\", \"projection_class_embeddings_input_dim\": 9", "addition_time_embed_dim")]
    [InlineData("\"addition_embed_type\": \"text\"", "addition_embed_type_num_heads")]
    [InlineData("\"encoder_hid_dim_type\": \"text_proj\"", "encoder_hid_dim")]
    [InlineData("\"encoder_hid_dim\": 8, \"cross_attention_dim\": [12, 12]", "cross_attention_dim")]
    [InlineData("\"time_embedding_type\": \"random\"", "time_embedding_type")]
    [InlineData("\"resnet_time_scale_shift\": \"spatial\"", "resnet_time_scale_shift")]
    [InlineData("\"attention_type\": \"gated\"", "attention_type")]
    [InlineData("\"freq_shift\": 4", "freq_shift")]
    public void Problem_NamesTheKey(string replaced, string key)
    {
        var problem = Parse(replaced).Problem();
        Assert.NotNull(problem);
        Assert.Contains(key, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"norm_num_groups\": null", "norm_num_groups")]
    [InlineData("\"attention_head_dim\": [2, null]", "attention_head_dim")]
    [InlineData("\"act_fn\": 3", "act_fn")]
    public void Parse_WrongType_NamesTheKey(string replaced, string key) =>
        Assert.Contains(key, Assert.Throws<JsonException>(() => Parse(replaced)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_TakesANumberAListAndListsWithinAList()
    {
        var one = Parse("\"layers_per_block\": 3");
        Assert.Equal((3, 3), (one.LayersPerBlock[0], one.LayersPerBlock[1]));

        var each = Parse("\"transformer_layers_per_block\": [1, 2], \"attention_head_dim\": [2, 4]");
        Assert.Equal((1, 2), (each.TransformerLayersPerBlock[0][5], each.TransformerLayersPerBlock[1][0]));
        Assert.Equal((2, 4), (each.AttentionHeadDim[0], each.AttentionHeadDim[1]));

        var nested = Parse(
            "\"transformer_layers_per_block\": [[1, 2], [3, 0]], \"reverse_transformer_layers_per_block\": [[1, 1, 1], [2, 1, 4]]");
        Assert.Null(nested.Problem());
        Assert.Equal((2, 3), (nested.TransformerLayersPerBlock[0][1], nested.TransformerLayersPerBlock[1][0]));
        Assert.Equal(4, nested.ReverseTransformerLayersPerBlock![1][2]);
    }

    [Fact]
    public void Write_GivesBackWhatWasRead()
    {
        const string Lists = "\"layers_per_block\": [1, 2], \"transformer_layers_per_block\": 1, \"sample_size\": [12, 8]";
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "config.json");
        ConfigFile.Write(file, Parse(Lists));

        using var written = JsonDocument.Parse(File.ReadAllBytes(file));
        Assert.Equal("[1,2]", Compact(written.RootElement.GetProperty("layers_per_block")));
        Assert.Equal("1", Compact(written.RootElement.GetProperty("transformer_layers_per_block")));
        Assert.Equal("[12,8]", Compact(written.RootElement.GetProperty("sample_size")));
        Assert.Equal("2", Compact(written.RootElement.GetProperty("attention_head_dim")));
        Assert.Null(ConfigFile.Read<UNetConfig>(file).Problem());
    }

    [Fact]
    public void UnknownKeys_AreNamed_ButNotTheLibrariesNotes()
    {
        using var json = JsonDocument.Parse("""{"_diffusers_version": "0.23.1", "act_fn": "silu", "fancy_new_thing": 1, "dropout": 0}""");
        Assert.Equal(["fancy_new_thing"], ConfigFile.UnknownKeys<UNetConfig>(json.RootElement));
        Assert.Equal(["fancy_new_thing"], ConfigFile.UnknownKeys<AutoencoderConfig>(json.RootElement));
    }

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);

    /// <summary>The small configuration with some keys replaced.</summary>
    private static UNetConfig Parse(string replaced)
    {
        var json = JsonNode.Parse($"{{{Small}}}")!.AsObject();
        foreach (var (key, value) in JsonNode.Parse($"{{{replaced}}}")!.AsObject())
        {
            json[key] = value?.DeepClone();
        }

        return ConfigFile.Parse<UNetConfig>(JsonSerializer.SerializeToElement(json));
    }
}
