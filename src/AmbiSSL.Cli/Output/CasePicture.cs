using System.Globalization;
using AmbiSSL.Cli.Data;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Output;

/// <summary>The images of an evaluation with the lowest, the median and the highest generalized energy distance, as in the paper's figure 4.</summary>
internal static class CasePicture
{
    /// <summary>Writes the picture, and says which images are in it, from above.</summary>
    /// <param name="path">A PNG file.</param>
    /// <param name="model">The model that was evaluated.</param>
    /// <param name="source">The data set.</param>
    /// <param name="positions">The images that it was evaluated on, all of them with masks.</param>
    /// <param name="metrics">The evaluation.</param>
    /// <param name="output">Receives a line for each image.</param>
    public static void Write(
        string path, TrainedModel model, ImageSource source, IReadOnlyList<int> positions, AmbiguousSegmentationMetrics metrics, TextWriter output)
    {
        var distances = metrics.PerImage.GetColumn<double>(Figure.Ged.Name).ToArray();
        int[] ranked = [.. Enumerable.Range(0, distances.Length).OrderBy(row => distances[row])];
        (string Name, int Row)[] cases = [("best", ranked[0]), ("median", ranked[(ranked.Length - 1) / 2]), ("worst", ranked[^1])];
        var images = new ImageSelection(source, [.. cases.Select(named => positions[named.Row])], () => { });
        ImageSheet.Write(path, metrics.Samples, ScoredImage.Read(model, images));
        foreach (var (name, row) in cases)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {source.Records[positions[row]].Id}, GED {distances[row]:F4}"));
        }
    }
}
