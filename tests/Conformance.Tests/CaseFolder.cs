using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Conformance.Tests;

/// <summary>A folder with a case of our own, deleted with the test.</summary>
internal sealed class CaseFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("conformance-").FullName;

    public void Write(string kind, params (string Name, float[] Values)[] tensors)
    {
        File.WriteAllText(
            System.IO.Path.Combine(Path, "case.json"),
            $$$"""{"kind": "{{{kind}}}", "config": {}, "args": {}, "tolerance": {"atol": 1e-4, "rtol": 1e-3}}""");
        SafeTensorsWriter.Save(
            System.IO.Path.Combine(Path, "tensors.safetensors"),
            tensors.ToDictionary(t => t.Name, t => TensorData.From(t.Values, [t.Values.Length], ElementKind.F32)));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
