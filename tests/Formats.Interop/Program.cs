using System.Text.Json.Nodes;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Formats.Interop;

// Formats.Interop FOLDER: writes the assets in every format, and what a reader should find in them.
if (args is not [var folder])
{
    Console.Error.WriteLine("usage: Formats.Interop FOLDER");
    return 2;
}

Directory.CreateDirectory(folder);
var expected = new JsonArray();
for (var k = 0; k < AssetSet.Count; k++)
{
    var (name, scene) = ($"{k:D2}", AssetSet.Make(k));
    var bytes = Glb.Write(scene);
    if (!bytes.AsSpan().SequenceEqual(Glb.Write(Glb.ReadScene(bytes, name))))
    {
        Console.Error.WriteLine($"asset {name} changes when it is read and written again.");
        return 1;
    }

    var joined = scene.Join();
    File.WriteAllBytes(Path.Combine(folder, $"{name}.glb"), bytes);
    File.WriteAllBytes(Path.Combine(folder, $"{name}.ply"), Ply.Write(joined.Mesh, (PlyEncoding)(k % 3)));
    File.WriteAllBytes(Path.Combine(folder, $"{name}.stl"), k % 2 == 0 ? Stl.Write(joined.Mesh) : Stl.WriteText(joined.Mesh));
    File.WriteAllBytes(Path.Combine(folder, $"{name}.usdz"), Usdz.Write(joined));
    foreach (var (file, content) in Obj.Write(joined, name))
    {
        File.WriteAllBytes(Path.Combine(folder, file), content);
    }

    expected.Add(Expectation.Of(name, scene));
}

File.WriteAllText(Path.Combine(folder, "expected.json"), expected.ToJsonString());
return 0;
