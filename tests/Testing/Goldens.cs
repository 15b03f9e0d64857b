using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Testing;

/// <summary>Finds the reference cases under tests/goldens.</summary>
public static class Goldens
{
    /// <summary>The repository's root: the nearest folder above the test's binaries that holds the solution.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Path of a file or folder under tests/goldens.</summary>
    /// <param name="parts">Area, case and file.</param>
    /// <returns>The full path.</returns>
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([RepositoryRoot, "tests", "goldens", .. parts]);

    /// <summary>Opens the tensors of a case.</summary>
    /// <param name="area">Area, such as "geometry".</param>
    /// <param name="name">Case.</param>
    /// <returns>Its tensors.safetensors; the caller disposes it.</returns>
    public static SafeTensorsFile Tensors(string area, string name) =>
        SafeTensorsFile.Open(Path(area, name, "tensors.safetensors"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Realiz3D.Mesh.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above holds Realiz3D.Mesh.sln.");
        }

        return folder.FullName;
    }
}
