namespace Realiz3D.Mesh.Training;

/// <summary>Which items a step trains on.</summary>
internal static class Batches
{
    /// <summary>Draws items with replacement.</summary>
    /// <param name="random">Source of the draws.</param>
    /// <param name="share">Step and items.</param>
    /// <param name="count">Items to choose from.</param>
    /// <returns>One index per item of the share.</returns>
    public static int[] Draw(Storage.Philox random, Share share, int count) =>
        [.. Enumerable.Range(share.FirstItem, share.Items).Select(item => random.Below(count, share.Step, item))];
}
