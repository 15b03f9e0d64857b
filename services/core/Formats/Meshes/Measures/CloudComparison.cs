namespace Realiz3D.Mesh.Formats;

/// <summary>For every point of one cloud the nearest point of another.</summary>
/// <param name="Indices">Indices into the other cloud, [N].</param>
/// <param name="Distances">Euclidean distances, not squared, [N].</param>
public sealed record NearestPoints(int[] Indices, double[] Distances)
{
    /// <summary>Mean distance.</summary>
    public double Mean => Distances.Average();

    /// <summary>Mean of the squared distances.</summary>
    public double MeanSquared => Distances.Average(distance => distance * distance);

    /// <summary>Searches.</summary>
    /// <param name="from">x, y, z of the points to look from, [3N].</param>
    /// <param name="to">x, y, z of the points to find, [3M].</param>
    /// <returns>One entry per point of <paramref name="from"/>.</returns>
    public static NearestPoints Of(ReadOnlySpan<float> from, ReadOnlySpan<float> to)
    {
        if (from.Length < 3 || from.Length % 3 != 0)
        {
            throw new ArgumentException($"{from.Length} coordinates are not one or more points.", nameof(from));
        }

        var tree = new PointTree(to);
        var nearest = new NearestPoints(new int[from.Length / 3], new double[from.Length / 3]);
        for (var i = 0; i < nearest.Indices.Length; i++)
        {
            var (index, squared) = tree.Nearest(from[3 * i], from[(3 * i) + 1], from[(3 * i) + 2]);
            (nearest.Indices[i], nearest.Distances[i]) = (index, Math.Sqrt(squared));
        }

        return nearest;
    }
}

/// <summary>Precision and recall of a cloud at one distance; the counts are kept, so that variants can be formed.</summary>
/// <param name="Threshold">Largest distance that counts as a hit.</param>
/// <param name="PredictedHits">Predicted points with a true one within the threshold.</param>
/// <param name="PredictedCount">Predicted points.</param>
/// <param name="TrueHits">True points with a predicted one within the threshold.</param>
/// <param name="TrueCount">True points.</param>
public sealed record FScore(double Threshold, int PredictedHits, int PredictedCount, int TrueHits, int TrueCount)
{
    private const double Epsilon = 1e-8;

    /// <summary>Share of predicted points that hit, 0 to 1.</summary>
    public double Precision => (double)PredictedHits / PredictedCount;

    /// <summary>Share of true points that are hit, 0 to 1, by the count of the true cloud.</summary>
    public double Recall => (double)TrueHits / TrueCount;

    /// <summary>Harmonic mean 2 P R / (P + R + 1e-8), 0 to 1; 0 when both are 0.</summary>
    public double Value => 2 * Precision * Recall / (Precision + Recall + Epsilon);
}

/// <summary>How a predicted cloud of surface points and the true one agree: Chamfer distances, F-score, normal consistency.</summary>
/// <remarks>
/// Accuracy is the mean distance from a predicted point to the nearest true one, completeness the other way round. Sources:
/// Mescheder et al. 2019, arXiv:1812.03828, supplement 2, and its im2mesh/eval.py (means, halved); Knapitsch et al. 2017 (F-score).
/// Kaolin's chamfer_distance sums the squared means instead, twice <see cref="ChamferL2"/>.
/// </remarks>
/// <param name="ToTruth">From each predicted point.</param>
/// <param name="ToPrediction">From each true point.</param>
public sealed record CloudComparison(NearestPoints ToTruth, NearestPoints ToPrediction)
{
    /// <summary>Mean distance of predicted points from the true cloud.</summary>
    public double Accuracy => ToTruth.Mean;

    /// <summary>Mean distance of true points from the predicted cloud.</summary>
    public double Completeness => ToPrediction.Mean;

    /// <summary>Half the sum of accuracy and completeness: unsquared.</summary>
    public double ChamferL1 => (Accuracy + Completeness) / 2;

    /// <summary>Half the sum of the means of squared distances.</summary>
    public double ChamferL2 => (ToTruth.MeanSquared + ToPrediction.MeanSquared) / 2;

    /// <summary>Compares two clouds.</summary>
    /// <param name="predicted">x, y, z per predicted point, [3N]; at least one.</param>
    /// <param name="truth">x, y, z per true point, [3M]; at least one.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="ArgumentException">A cloud has no point: nothing can be measured.</exception>
    public static CloudComparison Of(ReadOnlySpan<float> predicted, ReadOnlySpan<float> truth) =>
        new(NearestPoints.Of(predicted, truth), NearestPoints.Of(truth, predicted));

    /// <summary>Precision and recall at a distance.</summary>
    /// <param name="threshold">Largest distance that counts as a hit, in the clouds' unit.</param>
    /// <returns>The counts.</returns>
    public FScore FScoreAt(double threshold) => new(
        threshold,
        ToTruth.Distances.Count(distance => distance <= threshold),
        ToTruth.Distances.Length,
        ToPrediction.Distances.Count(distance => distance <= threshold),
        ToPrediction.Distances.Length);

    /// <summary>Mean |n . n'| over nearest points, in both directions. Its mean is the normal consistency.</summary>
    /// <param name="predictedNormals">Normal per predicted point, of any length, [3N].</param>
    /// <param name="trueNormals">Normal per true point, of any length, [3M].</param>
    /// <returns>From the predicted points, from the true points, and shares of pairs that look in opposite directions.</returns>
    public NormalAgreement Normals(ReadOnlySpan<float> predictedNormals, ReadOnlySpan<float> trueNormals)
    {
        var (accuracy, flippedThere) = Agreement(ToTruth.Indices, predictedNormals, trueNormals);
        var (completeness, flippedBack) = Agreement(ToPrediction.Indices, trueNormals, predictedNormals);
        return new NormalAgreement(accuracy, completeness, (flippedThere + flippedBack) / 2);
    }

    private static (double Mean, double Flipped) Agreement(int[] nearest, ReadOnlySpan<float> from, ReadOnlySpan<float> to)
    {
        if (from.Length != 3 * nearest.Length)
        {
            throw new ArgumentException($"{from.Length / 3} normals for {nearest.Length} points.");
        }

        var (sum, flipped) = (0.0, 0);
        for (var i = 0; i < nearest.Length; i++)
        {
            var cosine = Vector3d.Dot(Vector3d.At(from, i).Unit(), Vector3d.At(to, nearest[i]).Unit());
            sum += Math.Abs(cosine);
            flipped += cosine < 0 ? 1 : 0;
        }

        return (sum / nearest.Length, (double)flipped / nearest.Length);
    }
}

/// <summary>How the normals of nearest points agree.</summary>
/// <param name="Accuracy">Mean |cosine| from the predicted points, 0 to 1.</param>
/// <param name="Completeness">Mean |cosine| from the true points, 0 to 1.</param>
/// <param name="FlippedShare">Share of pairs with a negative cosine, which the absolute value hides; mean of both directions.</param>
public sealed record NormalAgreement(double Accuracy, double Completeness, double FlippedShare)
{
    /// <summary>Normal consistency: mean of both directions, 0 to 1.</summary>
    public double Consistency => (Accuracy + Completeness) / 2;
}
