using System.Buffers.Binary;
using System.Text;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

// On the CPU: files are mapped into the CPU's memory.
public sealed class MappedTensorsTests : IDisposable
{
    private const int Tensors = 40;
    private const long Elements = 1L << 26;            // 128 MiB each in half precision, 5 GiB together
    private const long Megabyte = 1 << 20;

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void FiveGigabytes_LoadWithinAFewMegabytesOfManagedMemory()
    {
        WriteSparse();
        Assert.InRange(new FileInfo(_path).Length, 5L << 30, (5L << 30) + Megabyte);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        using (var scope = NewDisposeScope())
        {
            using var file = SafeTensorsFile.Open(_path);
            using var mapped = new MappedTensors(file);
            for (var i = 0; i < Tensors; i++)
            {
                var tensor = mapped.Get($"layers.{i}.weight");
                Assert.Equal([8192L, 8192], tensor.shape);
                Assert.Equal(i + 1, (float)tensor[0, 0].item<Half>());
                Assert.Equal(-i - 1, (float)tensor[-1, -1].item<Half>());
                Assert.Equal(0, (float)tensor[4000, 4000].item<Half>());
            }
        }

        // All that was ever allocated, so the heap was smaller at any moment.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64 * Megabyte);
    }

    [Fact]
    public void EveryKind_ReadsWhatWasWritten_MappedAndFromMemory()
    {
        var tensors = new Dictionary<string, TensorData>
        {
            ["long"] = TensorData.From([5L, -7], [2]),
            ["empty"] = TensorData.From(Array.Empty<float>(), [0, 3]),
        };
        foreach (var kind in new[] { ElementKind.F32, ElementKind.F64, ElementKind.F16, ElementKind.BF16, ElementKind.I32 })
        {
            tensors.Add($"{kind}", TensorData.From([1f, -2, 3, 4, 5, 6], [2, 3], kind));
        }

        SafeTensorsWriter.Save(_path, tensors);
        using var onDisk = SafeTensorsFile.Open(_path);
        using var inMemory = SafeTensorsFile.Parse(File.ReadAllBytes(_path), "memory");
        foreach (var file in new[] { onDisk, inMemory })
        {
            using var scope = NewDisposeScope();
            using var mapped = new MappedTensors(file);
            Assert.Equal([5.0, -7], AssertTensor.Values(mapped.Get("long")));
            Assert.Equal([0L, 3], mapped.Get("empty").shape);
            foreach (var name in tensors.Keys.Where(name => name.Length <= 4 && name is not "long"))
            {
                AssertTensor.Equal(tensor([1.0, -2, 3, 4, 5, 6], [2, 3]), mapped.Get(name), name);
            }
        }
    }

    [Fact]
    public void WritingToAView_LeavesTheFileAlone()
    {
        SafeTensorsWriter.Save(_path, new Dictionary<string, TensorData> { ["x"] = TensorData.From([1f, 2], [2]) });
        var bytes = File.ReadAllBytes(_path);
        using (var file = SafeTensorsFile.Open(_path))
        {
            using var mapped = new MappedTensors(file);
            using var view = mapped.Get("x");
            view.fill_(9).Dispose();
        }

        Assert.Equal(bytes, File.ReadAllBytes(_path));
    }

    [Fact]
    public void Load_OfAWholeModule_AllocatesNoCopies()
    {
        SafeTensorsWriter.Save(_path, new Dictionary<string, TensorData> { ["weight"] = TensorData.From(new float[1 << 22], [2048, 2048]) });
        using var module = nn.Linear(2048, 2048, hasBias: false);
        using var file = SafeTensorsFile.Open(_path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Weights.Load(module, [file], "here");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Megabyte);
        Assert.Equal(0f, module.weight.abs().max().item<float>());
    }

    // The first and the last element of each tensor; all between them is a hole that takes no space on disk.
    private void WriteSparse()
    {
        var entries = Enumerable.Range(0, Tensors).Select(i =>
            $"\"layers.{i}.weight\":{{\"dtype\":\"F16\",\"shape\":[8192,8192],\"data_offsets\":[{i * Elements * 2},{(i + 1) * Elements * 2}]}}");
        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', entries)}}}");
        header = [.. header, .. Enumerable.Repeat((byte)' ', (8 - (header.Length % 8)) % 8)];
        var start = 8 + header.Length;
        var number = new byte[8];
        using var stream = File.Create(_path);
        stream.SetLength(start + (Tensors * Elements * 2));
        BinaryPrimitives.WriteInt64LittleEndian(number, header.Length);
        stream.Write(number);
        stream.Write(header);
        for (var i = 0; i < Tensors; i++)
        {
            Put(start + (i * Elements * 2), i + 1);
            Put(start + ((i + 1) * Elements * 2) - 2, -i - 1);
        }

        void Put(long at, int value)
        {
            BinaryPrimitives.WriteHalfLittleEndian(number, (Half)value);
            stream.Position = at;
            stream.Write(number.AsSpan(0, 2));
        }
    }
}
