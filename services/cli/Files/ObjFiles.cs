using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>Reads an OBJ with the material files and pictures that it names, and makes one GLB of them: one file is what the mesh takes.</summary>
/// <remarks>
/// Names in files may come from anywhere, so only what lies in the OBJ's folder or below is opened; of a name that leads elsewhere the file
/// with its last part beside the OBJ counts.
/// </remarks>
/// <param name="path">Where the OBJ lies.</param>
internal sealed class ObjFiles(string path)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private readonly List<string> _losses = [];

    /// <summary>What of the files the GLB does not hold, one sentence each.</summary>
    public IReadOnlyList<string> Losses => _losses;

    /// <summary>Reads them.</summary>
    /// <param name="obj">The OBJ's bytes.</param>
    /// <param name="creaseDegrees">Where it has no normals, edges sharper than this get sharp ones; null leaves it without.</param>
    /// <returns>The GLB; null for a file that names no material file, or is no OBJ.</returns>
    /// <exception cref="CommandFailedException">One of the files is broken or too large.</exception>
    public byte[]? ToGlb(byte[] obj, double? creaseDegrees)
    {
        if (!path.EndsWith(".obj", StringComparison.OrdinalIgnoreCase) || obj.AsSpan().IndexOf("mtllib"u8) < 0)
        {
            return null;
        }

        try
        {
            var model = Obj.Read(obj, Path.GetFileName(path));
            if (model.MaterialLibraries.Count == 0)
            {
                return null;
            }

            var materials = model.MaterialLibraries.Distinct().SelectMany(Libraries).ToList();
            var (scene, losses) = ObjScene.Of(model, materials, Read, Path.GetFileName(path));
            _losses.AddRange(losses);
            return Glb.Write(creaseDegrees is { } crease ? scene with { Parts = [.. scene.Parts.Select(part => Creased(part, crease))] } : scene);
        }
        catch (MalformedFileException broken)
        {
            throw new CommandFailedException(broken.Message);
        }
    }

    private static GlbPart Creased(GlbPart part, double degrees) =>
        part.Mesh.Normals is null ? part with { Mesh = CreaseNormals.Of(part.Mesh, degrees) } : part;

    // The rest of the line is one name with spaces, or several names.
    private IEnumerable<MtlMaterial> Libraries(string line)
    {
        var names = Find(line) is null ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : [line];
        foreach (var name in names)
        {
            if (Read(name) is { } bytes)
            {
                foreach (var material in Mtl.Read(bytes, name))
                {
                    yield return material;
                }
            }
            else
            {
                _losses.Add($"{name} does not lie with {Path.GetFileName(path)}; its materials are not taken.");
            }
        }
    }

    private byte[]? Read(string name)
    {
        if (Find(name) is not { } file)
        {
            return null;
        }

        try
        {
            var length = new FileInfo(file).Length;
            return length <= new GlbLimits().MaxBytes
                ? File.ReadAllBytes(file)
                : throw new CommandFailedException($"{file} has {length} bytes; at most {new GlbLimits().MaxBytes} are read.");
        }
        catch (Exception refused) when (OutputFiles.IsRefusal(refused))
        {
            throw new CommandFailedException($"{file} cannot be read: {OutputFiles.Reason(refused)}.");
        }
    }

    private string? Find(string name)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var spelled = name.Replace('\\', '/');
        var meant = Path.GetFullPath(Path.Combine(_folder, spelled));
        var inside = meant.StartsWith(Path.TrimEndingDirectorySeparator(_folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return new[] { inside ? meant : "", Path.Combine(_folder, Path.GetFileName(spelled)) }.FirstOrDefault(File.Exists);
    }
}
