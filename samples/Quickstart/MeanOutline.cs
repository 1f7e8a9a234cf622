using AmbiSSL;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Quickstart;

/// <summary>The plainest prediction there is: the mean training outline, for every image.</summary>
internal static class MeanOutline
{
    public static ScoreSummary Evaluate(IDataView train, IDataView test)
    {
        var dimensions = ((VectorDataViewType)test.Schema["Image"].Type).Dimensions;
        var (height, width) = (dimensions[1], dimensions[2]);
        var mean = new float[height * width];
        var outlines = 0;
        foreach (var masks in Annotations(train))
        {
            outlines += masks.Length / mean.Length;
            for (var i = 0; i < masks.Length; i++)
            {
                mean[i % mean.Length] += masks[i];
            }
        }

        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] /= outlines;
        }

        var mask = Array.ConvertAll(mean, probability => probability > 0.5f ? (byte)1 : (byte)0);
        return ScoreSummary.Of([.. Annotations(test).Select(masks => ImageScores.Compute(mask, mean, masks, height, width))]);
    }

    private static IEnumerable<byte[]> Annotations(IDataView data) =>
        data.GetColumn<VBuffer<byte>>("Annotations").Where(masks => masks.Length > 0).Select(masks => masks.DenseValues().ToArray());
}
