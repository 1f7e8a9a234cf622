using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Data;

/// <summary>An image with what a model drew for it.</summary>
/// <param name="Image">The image as it is shown, with the experts' masks where there are any.</param>
/// <param name="Masks">[N, K, H, W], 0 or 1.</param>
/// <param name="Probability">[K, H, W], 0 to 1.</param>
/// <param name="Uncertainty">[H, W], in bits.</param>
/// <param name="Consensus">[K, H, W], 0 or 1.</param>
/// <param name="Outlines">The inner and the outer outline, [K, H, W] each, 0 or 1; null where the model has none.</param>
/// <param name="Pixels">The <see cref="PixelDigest"/> of what the model was given.</param>
internal sealed record ScoredImage(
    AnnotatedImage Image,
    byte[] Masks,
    float[] Probability,
    float[] Uncertainty,
    byte[] Consensus,
    (byte[] Inner, byte[] Outer)? Outlines,
    string Pixels)
{
    /// <summary>[H, W] each: the uncertainty of an ensemble within its models and between them; null for a single model.</summary>
    public (float[] Experts, float[] Models)? UncertaintyParts { get; private init; }

    /// <summary>The classes of the masks.</summary>
    public MaskClasses Classes => Image.Annotations.Classes;

    /// <summary>How unlike the training images it is; NaN where nobody knows.</summary>
    public double Unlikeness { get; private init; }

    /// <summary>What the model drew, as it is scored.</summary>
    public SampledMasks ToSampledMasks() => new(Masks, Probability) { Consensus = Consensus };

    /// <summary>Draws masks for images, one after the other.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    public static IEnumerable<ScoredImage> Read(TrainedModel model, ImageSource images)
    {
        var scored = model.Transform(model.Context.AmbiguousSegmentation().Load(images));
        var columns = model.Segmentation.Columns;
        string[] parts = model.Pool is null ? [] : [AmbiguousSegmentationEnsemble.ExpertUncertainty, AmbiguousSegmentationEnsemble.ModelUncertainty];
        var hasOutlines = model.HasOutlines;
        string[] names =
        [
            columns.Masks, columns.Probability, columns.Uncertainty, columns.Consensus, columns.Unlikeness,
            .. hasOutlines ? (string[])[columns.Inner, columns.Outer] : [], .. parts,
        ];
        using var cursor = scored.GetRowCursor(names.Select(name => scored.Schema[name]));
        var masks = Values<byte>(columns.Masks);
        var probability = Values<float>(columns.Probability);
        var uncertainty = Values<float>(columns.Uncertainty);
        var consensus = Values<byte>(columns.Consensus);
        var unlikeness = cursor.GetGetter<double>(scored.Schema[columns.Unlikeness]);
        var unlike = double.NaN;
        var (inner, outer) = hasOutlines ? (Values<byte>(columns.Inner), Values<byte>(columns.Outer)) : (null, null);
        Func<float[]>[] uncertaintyParts = [.. parts.Select(Values<float>)];
        for (var position = 0; cursor.MoveNext(); position++)
        {
            var image = model.WithClasses(images.Read(position));
            var size = image.Shape.Size;
            unlikeness(ref unlike);
            yield return new ScoredImage(
                model.Show(image, images.Format.Source),
                Planes(masks(), size),
                probability(),
                uncertainty(),
                Planes(consensus(), size),
                hasOutlines ? (inner!(), outer!()) : null,
                PixelDigest.Of(image.Pixels, images.Format.Source))
            {
                UncertaintyParts = uncertaintyParts is [var experts, var models] ? (experts(), models()) : null,
                Unlikeness = unlike,
            };
        }

        // Columns have the numbers of classes that exclude each other.
        byte[] Planes(byte[] values, ImageSize size) =>
            model.Classes.IsExclusive ? MaskSet.OfClassNumbers(size, values, model.Classes).Values : values;

        Func<T[]> Values<T>(string column)
        {
            var getter = cursor.GetGetter<VBuffer<T>>(scored.Schema[column]);
            return () =>
            {
                VBuffer<T> values = default;
                getter(ref values);
                return [.. values.DenseValues()];
            };
        }
    }
}
