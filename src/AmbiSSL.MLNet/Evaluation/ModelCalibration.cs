using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Chooses on annotated rows what a trained model does to its masks, and the threshold of its consensus.</summary>
internal static class ModelCalibration
{
    /// <summary>Draws the masks of every annotated row once, as they are without post-processing, and gives the model what is best for them.</summary>
    public static AmbiguousSegmentationTransformer Run(IHostEnvironment context, AmbiguousSegmentationTransformer model, IDataView data)
    {
        var scored = model.WithPostProcessing(PostProcessing.None).Transform(data);
        using var rows = new ScoredRows(context, scored, model.Columns, readers: null);
        var (processing, threshold) = (new PostProcessingChoice(), new ThresholdChoice());
        var count = 0;
        while (rows.MoveNext())
        {
            if (rows.Experts.Count > 0)
            {
                var (drawn, counted) = (rows.Drawn(), rows.RequireCounted());
                processing.Add(drawn.Masks, rows.Experts, counted);
                threshold.Add(drawn.Probability, rows.Experts, counted);
                count++;
            }
        }

        return count > 0
            ? model.WithPostProcessing(processing.Best).WithConsensusThreshold(threshold.Best(processing.Best))
            : throw context.Process(new InvalidOperationException(
                $"Column '{model.Columns.Annotations}' is empty in all {rows.Row} rows; choosing needs at least one image with masks."));
    }
}
