using Google.Protobuf.Reflection;

namespace Realiz3D.Mesh.Contracts.Tests;

public class ProtoStyleTests
{
    [Fact]
    public void Protos_KeepTheRules()
    {
        var set = Read("protos.pb");

        Assert.True(set.File.Count >= 8, $"only {set.File.Count} protos were described");
        Assert.Empty(ProtoStyle.Breaches(set));
    }

    [Fact]
    public void Rules_ReportEachBreachByFileAndName()
    {
        string[] expected =
        [
            "package is not realiz3d.mesh.<name>.v<n>",
            "folder is not the package",
            "file with a service does not end _service.proto",
            "csharp_namespace is not under Realiz3D.Mesh.Contracts",
            "UpdateRequest.buyerId: not lower_snake_case",
            "UpdateRequest.item: repeated field is not plural",
            "UpdateRequest.silent: no comment",
            "Answer: no comment",
            "UncommentedResponse.choice: no comment",
            "Color: 0 is not COLOR_UNSPECIFIED",
            "RED: lacks the prefix COLOR_",
            "COLOR_BLUE: no comment",
            "Basket: not <Noun>Service",
            "Update: returns .BadPackage.Answer, not UpdateResponse",
            "Uncommented: no comment",
        ];

        Assert.Equal(expected.Select(breach => "breaches.proto: " + breach), ProtoStyle.Breaches(Read("breaches.pb")));
    }

    [Theory]
    [InlineData(true, 1, 2, 3)]
    [InlineData(false, 2, 3)]
    [InlineData(false, 1, 3)]
    public void Rules_WantDenseNumbers(bool dense, params int[] numbers)
    {
        var set = Read("breaches.pb");
        var message = set.File[0].MessageType[0];
        message.Field.Clear();
        message.Field.Add(numbers.Select(number => new FieldDescriptorProto { Name = "field", Number = number }));

        Assert.Equal(dense, !ProtoStyle.Breaches(set).Any(breach => breach.Contains("dense", StringComparison.Ordinal)));
    }

    private static FileDescriptorSet Read(string file) =>
        FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file)));
}
