using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.CommandLine.Tests;

public class GenerateArgumentsTests
{
    [Fact]
    public void Parse_ReadsEveryOption()
    {
        var parsed = Parse(
            "a red vase", "--seed", "18446744073709551615", "--steps", "12", "--guidance", "2.5", "--model", "tiny",
            "--out", "x/vase.glb", "--gateway", "http://127.0.0.1:5000");

        var expected = new JobSpec
        {
            Prompt = "a red vase",
            Seed = ulong.MaxValue,
            StepCount = 12,
            GuidanceScale = 2.5f,
            Model = "tiny",
        };
        Assert.Equal(expected, parsed.Spec);
        Assert.Equal(("x/vase.glb", new Uri("http://127.0.0.1:5000")), (parsed.Out, parsed.Gateway));
    }

    [Fact]
    public void Parse_LeavesToTheModelWhatIsNotGiven()
    {
        var parsed = GenerateArguments.Parse(["vase"], _ => "http://localhost:1");

        Assert.Equal(new JobSpec { Prompt = "vase", Seed = 0 }, parsed.Spec);
        Assert.False(parsed.Spec.HasStepCount || parsed.Spec.HasGuidanceScale);
        Assert.Equal(("asset.glb", new Uri("http://localhost:1")), (parsed.Out, parsed.Gateway));
    }

    [Fact]
    public void Parse_TakesASceneInPlaceOfAPrompt()
    {
        Assert.Equal(new JobSpec { Scene = "vase", Seed = 7 }, Parse("--scene", "vase", "--seed", "7").Spec);
    }

    [Theory]
    [InlineData("The prompt is empty; say what to make, such as \"a glossy red ceramic vase\".")]
    [InlineData("The prompt is empty; say what to make, such as \"a glossy red ceramic vase\".", "")]
    [InlineData("The prompt is empty; say what to make, such as \"a glossy red ceramic vase\".", " \t")]
    [InlineData("There is more than one prompt; put the whole prompt in quotes.", "a", "vase")]
    [InlineData("--fast is no option of generate; see --help.", "a", "--fast")]
    [InlineData("--seed needs a value.", "a", "--seed")]
    [InlineData("--seed is '-1'; it must be a whole number from 0 to 18446744073709551615.", "a", "--seed", "-1")]
    [InlineData("--seed is '1.5'; it must be a whole number from 0 to 18446744073709551615.", "a", "--seed", "1.5")]
    [InlineData("--steps is '-3'; it must be a whole number from 1 to 200.", "a", "--steps", "-3")]
    [InlineData("--steps is '0'; it must be a whole number from 1 to 200.", "a", "--steps", "0")]
    [InlineData("--steps is '201'; it must be a whole number from 1 to 200.", "a", "--steps", "201")]
    [InlineData("--steps is 'many'; it must be a whole number from 1 to 200.", "a", "--steps", "many")]
    [InlineData("--guidance is 'NaN'; it must be a number from 0 to 50.", "a", "--guidance", "NaN")]
    [InlineData("--guidance is '-0.1'; it must be a number from 0 to 50.", "a", "--guidance", "-0.1")]
    [InlineData("--guidance is '51'; it must be a number from 0 to 50.", "a", "--guidance", "51")]
    [InlineData("A prompt and --scene exclude each other.", "a", "--scene", "vase")]
    [InlineData("--scene needs a category, such as vase.", "--scene", "")]
    [InlineData("The gateway 'ftp://x' is no http or https address.", "a", "--gateway", "ftp://x")]
    [InlineData("The gateway 'localhost' is no http or https address.", "a", "--gateway", "localhost")]
    public void Parse_WhatCannotBeUsed_SaysWhyInOneSentence(string sentence, params string[] arguments)
    {
        Assert.Equal(sentence, Assert.Throws<UsageException>(() => Parse(arguments)).Message);
    }

    [Fact]
    public void Parse_OfALongPrompt_CountsItsCharacters()
    {
        Assert.Equal(2000, Parse(new string('x', 2000)).Spec.Prompt.Length);
        Assert.Equal(
            "The prompt has 2001 characters; at most 2000 are allowed.",
            Assert.Throws<UsageException>(() => Parse(new string('x', 2001))).Message);
    }

    [Fact]
    public void Parse_WithoutAGateway_SaysHowToNameOne()
    {
        Assert.Equal(
            "No mesh is named; start one with `./mesh up`, or give --gateway URL or REALIZ3D_GATEWAY.",
            Assert.Throws<UsageException>(() => GenerateArguments.Parse(["vase"], _ => null)).Message);
    }

    private static GenerateArguments Parse(params string[] arguments) =>
        GenerateArguments.Parse(arguments, name => name == "REALIZ3D_GATEWAY" ? "http://localhost:1" : null);
}
