using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Scenes;

/// <summary>Names the category of an object from a view of 64 pixels: four convolutions, a linear layer.</summary>
/// <remarks>A judge for benchmarks, trained on renders of procedural objects alone; 0.6 MB of weights.</remarks>
public sealed class CategoryClassifier : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Conv2d conv3;
    private readonly Conv2d conv4;
    private readonly Linear head;

    /// <summary>A classifier without training.</summary>
    public CategoryClassifier() : base(nameof(CategoryClassifier))
    {
        conv1 = Conv2d(4, 16, kernel_size: 5, stride: 2, padding: 2);
        conv2 = Conv2d(16, 32, kernel_size: 3, stride: 2, padding: 1);
        conv3 = Conv2d(32, 64, kernel_size: 3, stride: 2, padding: 1);
        conv4 = Conv2d(64, 64, kernel_size: 3, stride: 2, padding: 1);
        head = Linear(64 * 4 * 4, Enum.GetValues<SceneCategory>().Length);
        RegisterComponents();
    }

    /// <param name="views">Views as networks see them: sRGB over mid gray, then alpha, in [-1, 1], [N, 4, 64, 64].</param>
    /// <returns>A score for each <see cref="SceneCategory"/>, [N, 16]. The caller disposes them.</returns>
    public override Tensor forward(Tensor views)
    {
        using var scope = NewDisposeScope();

        var h = functional.relu(conv1.call(views));             // [N, 16, 32, 32]
        h = functional.relu(conv2.call(h));                     // [N, 32, 16, 16]
        h = functional.relu(conv3.call(h));                     // [N, 64, 8, 8]
        h = functional.relu(conv4.call(h));                     // [N, 64, 4, 4]

        return head.call(h.flatten(1)).MoveToOuterDisposeScope();
    }

    /// <summary>Names an object from all its views: the highest mean of the scores' log-probabilities.</summary>
    /// <param name="views">Views of one object, [V, 4, 64, 64].</param>
    /// <returns>The category.</returns>
    public SceneCategory Name(Tensor views)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        return (SceneCategory)(int)functional.log_softmax(call(views), 1).mean([0]).argmax().item<long>();
    }

    /// <summary>Draws all parameters anew: normal with deviation sqrt(2 / fan in), He et al. 2015, arXiv:1502.01852.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator)
    {
        foreach (var (name, parameter) in named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                init.zeros_(parameter);
                continue;
            }

            var fanIn = parameter.numel() / parameter.shape[0];
            init.normal_(parameter, 0, Math.Sqrt(2.0 / fanIn), generator);
        }
    }
}
