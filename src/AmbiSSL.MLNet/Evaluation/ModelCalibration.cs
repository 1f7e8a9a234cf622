using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Chooses on annotated rows what a trained model does to its masks and probabilities.</summary>
internal static class ModelCalibration
{
    /// <summary>
    /// Draws the masks of every annotated row once, as the model drew them when it was trained, and gives it what is best for them; where classes
    /// exclude each other, once more at the temperature that was chosen.
    /// </summary>
    public static AmbiguousSegmentationTransformer Run(IHostEnvironment context, AmbiguousSegmentationTransformer model, IDataView data, double coverage)
    {
        var classes = model.Model.Classes;
        var (processing, threshold, temperature) = (new PostProcessingChoice(classes), new ThresholdChoice(classes), new TemperatureChoice(classes));
        var outlines = new OutlineChoice(classes.Count);
        var drawing = model.WithPostProcessing(PostProcessing.None).WithTemperature(TemperatureScaling.Neutral);
        ForEach(context, drawing, data, (patient, drawn, experts, counted) =>
        {
            processing.Add(drawn.Masks, experts, counted);
            threshold.Add(drawn.Probability, experts, counted);
            var probability = counted.Of<float>(drawn.Probability);
            temperature.Add(probability, Votes(experts, counted), experts.Count);
            outlines.Add(patient, probability, counted.Of<byte>(experts.Values));
        });

        // Thresholds were chosen for the probabilities before the temperature, which changes no order, nor a class's odds against background past those of a
        // threshold: it takes them along. But the pixels of one of several classes that exclude each other are in another order then.
        var chosen = temperature.Best;
        var taken = chosen;
        if (classes.IsExclusive && chosen != TemperatureScaling.Neutral)
        {
            (outlines, taken) = (new OutlineChoice(classes.Count), TemperatureScaling.Neutral);
            ForEach(context, drawing.WithTemperature(chosen), data, (patient, drawn, experts, counted) =>
                outlines.Add(patient, counted.Of<float>(drawn.Probability), counted.Of<byte>(experts.Values)));
        }

        var promised = outlines.Best(coverage, taken);
        if (promised is null)
        {
            using var channel = context.Start("Calibrate");
            channel.Warning(
                MessageSensitivity.None,
                "{0}",
                FormattableString.Invariant($"There are no outlines: a promise of {coverage:P0} takes images with masks of at least ")
                + FormattableString.Invariant($"{OutlineChoice.PatientsNeeded(coverage)} patients, and these are of {outlines.Patients}."));
        }

        return model
            .WithPostProcessing(processing.Best)
            .WithTemperature(chosen)
            .WithConsensusThreshold(TemperatureScaling.Apply(threshold.Best(processing.Best), chosen))
            .WithOutlines(promised);
    }

    private static void ForEach(
        IHostEnvironment context, AmbiguousSegmentationTransformer model, IDataView data, Action<string, SampledMasks, MaskSet, CountedPixels> add)
    {
        var scored = model.Transform(data);
        using var rows = new ScoredRows(context, scored, model.Columns, readers: null, RowNames.Columns(scored.Schema));
        var names = new RowNames(rows.Cursor);
        var count = 0;
        while (rows.MoveNext())
        {
            if (rows.Experts.Count > 0)
            {
                add(names.Read(rows.Row).Subject, rows.Drawn(), rows.Experts, rows.RequireCounted());
                count++;
            }
        }

        if (count == 0)
        {
            throw context.Process(new InvalidOperationException(
                $"Column '{model.Columns.Annotations}' is empty in all {rows.Row} rows; choosing needs at least one image with masks."));
        }

        rows.DrawnClasses.RequireAny(context, "there is nothing to choose by");
    }

    /// <summary>How many experts hold each pixel of each class inside, [K, P].</summary>
    private static int[] Votes(MaskSet experts, CountedPixels counted) =>
        [.. Enumerable.Range(0, experts.Classes.Count).SelectMany(position => Calibration.CountVotes(counted.Masks(experts.OfClass(position).Values)))];
}
