namespace Realiz3D.Mesh.Storage;

/// <summary>What random numbers are drawn for. Part of the counter, so that no two purposes share a number.</summary>
public enum DrawPurpose
{
    /// <summary>The noise that sampling starts from.</summary>
    Start = 0,

    /// <summary>Noise added at a sampler step.</summary>
    Step = 1,

    /// <summary>Noise on a reference image.</summary>
    Reference = 2,

    /// <summary>A sample of a VAE's posterior.</summary>
    Posterior = 3,

    /// <summary>Cameras.</summary>
    Camera = 4,

    /// <summary>Light.</summary>
    Light = 5,

    /// <summary>Objects, captions and the order of training data.</summary>
    Data = 6,
}
