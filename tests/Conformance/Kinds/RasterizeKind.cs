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
        var isRange = Text(golden.Args, "mode") == "range";
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
        var derivatives = FragmentDerivatives.Of(fragments, clip, height, width);
        golden.CompareWhere("out/rast_db", Image(derivatives.Barycentrics).detach(), exact);
        Attributes();
        Coverage(golden, numbers, faces, buffer);
        golden.PassOver("out/ambiguous", "out/near_edge", "out/must_cover");

        void Attributes()
        {
            if (golden.TensorOrNull("in/attr") is not { } given)
            {
                return;
            }

            var attributes = given.squeeze(0).requires_grad_();
            var drawn = Image(fragments.Interpolate(attributes));
            golden.CompareWhere("out/interp", drawn.detach(), exact);
            golden.CompareWhere("out/interp_da", Image(derivatives.Of(fragments, attributes).flatten(1)).detach(), exact);

            (spread * golden.Tensor("in/lin_uv")).sum().backward(retain_graph: true);
            golden.Compare("out/grad_pos_from_uv", position.grad!);
            position.grad!.zero_();
            (drawn * golden.Tensor("in/lin_interp")).sum().backward();
            golden.Compare("out/grad_pos_from_interp", position.grad!);
            golden.Compare("out/grad_attr", attributes.grad!.unsqueeze(0));
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

    private static Tensor FlipY(Tensor clip) => clip * tensor(new float[] { 1, -1, 1, 1 }, device: clip.device);

    private static (int Start, int Count)[] Ranges(GoldenCase golden) =>
        [.. AssertTensor.Values(golden.Tensor("in/ranges")).Chunk(2).Select(row => ((int)row[0], (int)row[1]))];

    private static string? Text(JsonElement args, string key) => args.TryGetProperty(key, out var value) ? value.GetString() : null;
}
