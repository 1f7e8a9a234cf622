using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Answers;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Chooses on annotated rows what a trained model does to its masks and probabilities.</summary>
internal static class ModelCalibration
{
    /// <summary>Draws the masks of every annotated row once, as the model drew them when it was trained, and gives it what is best for them.</summary>
    public static AmbiguousSegmentationTransformer Run(IHostEnvironment context, AmbiguousSegmentationTransformer model, IDataView data, double coverage)
    {
        if (model.Model.Classes.Count > 1)
        {
            throw context.Process(new InvalidOperationException(
                $"The model tells the classes {model.Model.Classes} apart, and a temperature, a threshold and outlines are chosen for masks of one class alone; choose what "
                + "is done to its masks with WithPostProcessing."));
        }

        var scored = model.WithPostProcessing(PostProcessing.None).WithTemperature(TemperatureScaling.Neutral).Transform(data);
        using var rows = new ScoredRows(context, scored, model.Columns, readers: null, RowNames.Columns(scored.Schema));
        var names = new RowNames(rows.Cursor);
        var (processing, threshold, temperature, outlines) = (new PostProcessingChoice(), new ThresholdChoice(), new TemperatureChoice(), new OutlineChoice());
        var count = 0;
        while (rows.MoveNext())
        {
            if (rows.Experts.Count > 0)
            {
                var (drawn, counted) = (rows.Drawn(), rows.RequireCounted());
                processing.Add(drawn.Masks, rows.Experts, counted);
                threshold.Add(drawn.Probability, rows.Experts, counted);
                var probability = counted.Of<float>(drawn.Probability);
                temperature.Add(probability, Torch.Metrics.Calibration.CountVotes(counted.Masks(rows.Experts.Values)), rows.Experts.Count);
                outlines.Add(names.Read(rows.Row).Subject, probability, counted.Of<byte>(rows.Experts.Values));
                count++;
            }
        }

        if (count == 0)
        {
            throw context.Process(new InvalidOperationException(
                $"Column '{model.Columns.Annotations}' is empty in all {rows.Row} rows; choosing needs at least one image with masks."));
        }

        // Thresholds were chosen for the probabilities before the temperature, which changes no order: it takes them along.
        var chosen = temperature.Best;
        return model
            .WithPostProcessing(processing.Best)
            .WithTemperature(chosen)
            .WithConsensusThreshold(TemperatureScaling.Apply(threshold.Best(processing.Best), chosen))
            .WithOutlines(outlines.Best(coverage, chosen));
    }
}
