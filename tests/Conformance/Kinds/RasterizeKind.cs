using System.Text.Json;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>What each pixel sees, with derivatives and gradients. The reference's row 0 is the bottom, so y is turned over on the way in.</summary>
internal static class RasterizeKind
{
    public static void Run(GoldenCase golden)
    {
        var size = golden.Args.GetProperty("resolution").EnumerateArray().Select(side => side.GetInt32()).ToArray();
        var (height, width) = (size[0], size[1]);
        var position = golden.Tensor("in/pos").requires_grad_();
        var faces = AssertTensor.Values(golden.Tensor("in/tri")).Select(index => (int)index).ToArray();
        var isRange = golden.Has("in/ranges");
        var clip = FlipY(isRange ? position.unsqueeze(0) : position);                       // [V, P, 4]
        var numbers = AssertTensor.Values(clip.detach()).Select(value => (float)value).ToArray();

        var buffer = isRange
            ? ZBuffer.DrawRanges(numbers, faces, Ranges(golden), height, width)
            : ZBuffer.Draw(numbers, (int)clip.shape[0], faces, height, width);
        var fragments = Fragments.Of(buffer, clip, faces);
        var exact = golden.TensorOrNull("out/ambiguous") is { } ambiguous
            ? ambiguous.logical_not().unsqueeze(-1)
            : ones(1, dtype: ScalarType.Bool, device: golden.Device);

        var spread = Image(fragments.Barycentrics.narrow(1, 0, 2));
        golden.CompareWhere("out/rast", cat([spread.detach(), Depths(), Triangles()], -1), exact);
        var derivatives = FragmentDerivatives.Of(fragments);
        golden.CompareWhere("out/rast_db", Image(derivatives.Barycentrics).detach(), exact);
        Gradients("in/lin_uv", spread, ("out/grad_pos_from_uv", position));
        Attributes();
        Coverage(golden, numbers, faces, buffer);
        golden.PassOver("out/ambiguous", "out/near_edge", "out/must_cover");

        void Attributes()
        {
            if (golden.TensorOrNull("in/attr") is not { } attributes)      // [P, C], [1, P, C] or [V, P, C]
            {
                return;
            }

            var drawn = Image(fragments.Interpolate(attributes.requires_grad_()));
            golden.CompareWhere("out/interp", drawn.detach(), exact);
            golden.CompareWhere("out/interp_da", Image(Wanted(golden, derivatives.Of(fragments, attributes)).flatten(1)).detach(), exact);
            Gradients("in/lin_interp", drawn, ("out/grad_pos_from_interp", position), ("out/grad_attr", attributes));
        }

        void Gradients(string weights, Tensor image, params (string Name, Tensor Leaf)[] wanted)
        {
            if (golden.TensorOrNull(weights) is not { } linear)
            {
                return;
            }

            (image * linear).sum().backward(retain_graph: true);
            foreach (var (name, leaf) in wanted)
            {
                golden.CompareGradient(name, leaf);
                leaf.grad?.zero_();
            }
        }

        Tensor Image(Tensor rows) =>
            zeros(buffer.Triangles.Length, rows.shape[1], dtype: rows.dtype, device: rows.device)
                .index_add(0, fragments.Pixels, rows, 1)
                .reshape(buffer.Views, height, width, -1);

        Tensor Depths() => Plane(buffer.Depths.Select(depth => float.IsFinite(depth) ? depth : 0));

        Tensor Triangles() => Plane(buffer.Triangles.Select(triangle => triangle + 1f));

        Tensor Plane(IEnumerable<float> values) => tensor(values.ToArray(), [buffer.Views, height, width, 1], device: golden.Device);
    }

    // A pixel whose centre lies on an edge belongs to exactly one of the two triangles.
    private static void Coverage(GoldenCase golden, float[] clip, int[] faces, ZBuffer together)
    {
        var check = Text(golden.Args, "check");
        if (check is null)
        {
            return;
        }

        var pixels = together.Triangles.Length;
        var once = golden.TensorOrNull("out/must_cover") is { } must
            ? [.. AssertTensor.Values(must).Select(flag => flag != 0)]
            : Enumerable.Repeat(check == "full_coverage", pixels).ToArray();
        var covered = new int[pixels];
        for (var f = 0; f < faces.Length; f += 3)
        {
            var alone = ZBuffer.Draw(clip, 1, faces[f..(f + 3)], together.Height, together.Width);
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                covered[pixel] += alone.Triangles[pixel] + 1;
            }
        }

        for (var pixel = 0; pixel < pixels; pixel++)
        {
            if (covered[pixel] > 1 || (once[pixel] && (covered[pixel] == 0 || together.Triangles[pixel] < 0)))
            {
                golden.Fail($"pixel {pixel} is covered by {covered[pixel]} triangles, and must be by {(once[pixel] ? "one" : "one at most")}.");
                return;
            }
        }

        golden.Compare("out/must_cover", tensor(once, [together.Height, together.Width]));
    }

    // args.diff_attrs names the attributes whose derivatives are stored; all of them without it.
    private static Tensor Wanted(GoldenCase golden, Tensor derivatives) =>
        golden.Args.TryGetProperty("diff_attrs", out var chosen) && chosen.ValueKind == JsonValueKind.Array
            ? derivatives.index_select(1, tensor(chosen.EnumerateArray().Select(number => number.GetInt64()).ToArray(), device: derivatives.device))
            : derivatives;

    private static Tensor FlipY(Tensor clip) => clip * tensor(new float[] { 1, -1, 1, 1 }, device: clip.device);

    private static (int Start, int Count)[] Ranges(GoldenCase golden) =>
        [.. AssertTensor.Values(golden.Tensor("in/ranges")).Chunk(2).Select(row => ((int)row[0], (int)row[1]))];

    private static string? Text(JsonElement args, string key) => args.TryGetProperty(key, out var value) ? value.GetString() : null;
}
