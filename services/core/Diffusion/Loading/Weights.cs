using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Moves weights between a component's folder and a module, tensor by tensor.</summary>
/// <remarks>
/// Both sides must name the same tensors with the same shapes: a silent partial load is the worst failure. Only buffers
/// that follow from the configuration may be present in the file and are ignored. Files may be sharded, in any float type.
/// </remarks>
public static class Weights
{
    private const int NamesShown = 20;

    private static readonly (string Legacy, string Name)[] AttentionNames =
    [
        (".query.", ".to_q."), (".key.", ".to_k."), (".value.", ".to_v."), (".proj_attn.", ".to_out.0."),
    ];

    private static readonly string[] DerivedBuffers =
        ["position_ids", "pos_embed.pos_embed", "caption_projection.y_embedding"];

    /// <summary>Fills a module with the weights of a component's folder.</summary>
    /// <param name="module">Receives the weights, in its own type and on its own device.</param>
    /// <param name="folder">Folder with safetensors, whole or sharded.</param>
    /// <exception cref="MalformedFileException">A file is broken, or does not fit the module; the message names file and tensor.</exception>
    public static void Load(Module module, string folder)
    {
        using var shards = WeightShards.Open(folder);
        Load(module, shards.Files, folder);
    }

    /// <summary>Fills a module with the weights of one file or of several shards.</summary>
    /// <param name="module">Receives the weights, in its own type and on its own device.</param>
    /// <param name="files">Open files.</param>
    /// <param name="where">Names the whole in messages.</param>
    internal static void Load(Module module, IReadOnlyList<SafeTensorsFile> files, string where)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();

        var found = new Dictionary<string, (SafeTensorsFile File, string Stored)>();
        foreach (var file in files)
        {
            foreach (var stored in file.Tensors.Keys)
            {
                if (!found.TryAdd(CurrentName(stored), (file, stored)))
                {
                    throw new MalformedFileException(file.Name, $"tensor \"{stored}\" is given twice.");
                }
            }
        }

        var wanted = module.state_dict();
        var source = files.Count == 1 ? files[0].Name : where;
        Refuse(source, "missing", wanted.Keys.Except(found.Keys));
        Refuse(source, "not part of the model", found.Keys.Except(wanted.Keys).Where(name => !IsDerived(name)));

        var mapped = files.ToDictionary(file => file, file => new MappedTensors(file));
        try
        {
            foreach (var (name, target) in wanted)
            {
                var (file, stored) = found[name];
                Copy(file, mapped[file], stored, target);
            }
        }
        finally
        {
            foreach (var mapping in mapped.Values)
            {
                mapping.Dispose();
            }
        }
    }

    /// <summary>Writes a module's weights as one safetensors file.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">File; its folder is created.</param>
    /// <param name="kind">F32, F16 or BF16.</param>
    public static void Save(Module module, string path, ElementKind kind)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();

        var tensors = new Dictionary<string, TensorData>();
        foreach (var (name, tensor) in module.state_dict())
        {
            var values = tensor.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
            if (kind == ElementKind.F16 && Array.Exists(values, value => !float.IsFinite((float)(Half)value)))
            {
                throw new ArgumentException($"Tensor {name} holds a value that F16 cannot hold.", nameof(kind));
            }

            tensors.Add(name, TensorData.From(values, tensor.shape, kind));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        SafeTensorsWriter.Save(path, tensors, new Dictionary<string, string> { ["format"] = "pt" });
    }

    private static void Copy(SafeTensorsFile file, MappedTensors mapped, string name, Tensor target)
    {
        var entry = file.Entry(name);
        var shape = entry.Shape.ToArray();

        // Old attention weights are 1x1 convolutions: the same numbers in the same order.
        var fits = shape.SequenceEqual(target.shape)
            || (shape is [_, _, 1, 1] && target.shape.Length == 2 && shape.AsSpan(0, 2).SequenceEqual(target.shape));
        if (!fits)
        {
            throw new MalformedFileException(
                file.Name,
                $"tensor \"{name}\" has shape [{string.Join(", ", shape)}], the model needs "
                    + $"[{string.Join(", ", target.shape)}].");
        }

        using var scope = NewDisposeScope();
        var loaded = mapped.Get(name);
        if (!loaded.isfinite().all().item<bool>())
        {
            throw new MalformedFileException(file.Name, $"tensor \"{name}\" holds a value that is not finite.");
        }

        target.copy_(loaded.view(target.shape));
    }

    private static void Refuse(string file, string fault, IEnumerable<string> names)
    {
        string[] all = [.. names.Order(StringComparer.Ordinal)];
        if (all.Length == 0)
        {
            return;
        }

        var shown = string.Join(", ", all.Take(NamesShown).Select(name => $"\"{name}\""));
        var rest = all.Length > NamesShown ? $" and {all.Length - NamesShown} more" : "";
        throw new MalformedFileException(
            file, all.Length == 1 ? $"tensor {shown} is {fault}." : $"tensors {shown}{rest} are {fault}.");
    }

    private static bool IsDerived(string name) =>
        Array.Exists(DerivedBuffers, buffer => name.EndsWith(buffer, StringComparison.Ordinal));

    /// <summary>Published Stable Diffusion autoencoders still carry the attention's old names.</summary>
    private static string CurrentName(string stored)
    {
        if (!stored.Contains(".attentions.", StringComparison.Ordinal))
        {
            return stored;
        }

        return AttentionNames.Aggregate(
            stored, (name, pair) => name.Replace(pair.Legacy, pair.Name, StringComparison.Ordinal));
    }
}
