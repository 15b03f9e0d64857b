using Google.Protobuf;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts.Tests;

public class InlineTensorsTests
{
    [Fact]
    public void Pack_LaysFloatsOutLittleEndian()
    {
        var tensor = InlineTensors.Pack([1f, -2f], 1, 2);

        Assert.Equal(ElementType.F32, tensor.ElementType);
        Assert.Equal([1L, 2L], tensor.Shape);
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0], tensor.Data.ToByteArray());
    }

    [Fact]
    public void ReadFloats_WidensHalfAndBfloat16()
    {
        float[] values = [0, 1, -0.5f, 65504];
        var half = InlineTensors.Pack([.. values.Select(value => (Half)value)], 4);
        var brain = new InlineTensor
        {
            ElementType = ElementType.Bf16,
            Shape = { 2 },
            Data = ByteString.CopyFrom(0x80, 0x3f, 0x20, 0xc1), // 1 and -10
        };

        Assert.Equal(values, InlineTensors.ReadFloats(half, "x"));
        Assert.Equal([1f, -10f], InlineTensors.ReadFloats(brain, "x"));
        Assert.Equal(values, InlineTensors.ReadFloats(InlineTensors.Pack(values, 2, 2), "x"));
    }

    [Fact]
    public void Pack_AtTheLimit_IsAllowed_AndOverItIsNot()
    {
        var elements = new float[262_145];

        Assert.Equal(InlineTensors.MaxBytes, InlineTensors.Pack(elements.AsSpan(0, 262_144), 262_144).Data.Length);
        Assert.Throws<InvalidDataException>(() => InlineTensors.Pack(elements, 262_145));
    }

    public static TheoryData<InlineTensor?, string> BadTensors => new()
    {
        { null, "latents is not set." },
        { new(), "latents: Element type 0 is unknown." },
        {
            new() { ElementType = ElementType.F32, Shape = { 2 }, Data = ByteString.CopyFrom(new byte[4]) },
            "latents: The shape needs 8 bytes, there are 4."
        },
        {
            new() { ElementType = ElementType.F32, Shape = { 262_145 } },
            "latents: Shape [262145] needs more than the limit of 1048576 bytes."
        },
        {
            new() { ElementType = ElementType.I64, Shape = { 0 } },
            "latents holds I64 elements, floats were expected."
        },
    };

    [Theory]
    [MemberData(nameof(BadTensors))]
    public void ReadFloats_BadTensor_IsRefusedWithItsReason(InlineTensor? tensor, string reason)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => InlineTensors.ReadFloats(tensor, "latents"));

        Assert.Equal(reason, thrown.Message);
    }
}
