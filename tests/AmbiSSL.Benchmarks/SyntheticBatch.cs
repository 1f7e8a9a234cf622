using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Training;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>Training images that are made up.</summary>
internal static class SyntheticBatch
{
    /// <summary>So many labeled and as many unlabeled images of that side.</summary>
    public static ImageCache Images(int count, int side)
    {
        var source = new SyntheticLesions(
            new SyntheticLesionOptions { Images = 2 * count, Height = side, Width = side, Annotators = UntrainedModel.Annotators });
        var images = new ImageCache(source.Format);
        for (var i = 0; i < source.Count; i++)
        {
            var image = source.Read(i);
            images.Add(image.Pixels, i < count ? image.Annotations : new MaskSet(images.Shape.Size, []));
        }

        return images;
    }

    /// <summary>A batch of so many labeled and as many unlabeled images; it belongs to the caller's dispose scope.</summary>
    public static TrainingBatch Create(int count, int side)
    {
        using var generator = new Generator(1);
        using var images = Images(count, side);
        return Loader(images).Load([.. images.Labeled], [.. images.Unlabeled], generator);
    }

    /// <summary>The same batch elsewhere, or in another type.</summary>
    public static TrainingBatch To(this TrainingBatch batch, ScalarType type, Device device) => new(
        batch.LabeledImages.to(type, device),
        batch.Annotations.to(type, device),
        batch.WeakImages?.to(type, device),
        batch.StrongImages?.to(type, device));

    /// <summary>What makes augmented batches of these images.</summary>
    public static BatchLoader Loader(ImageCache images) =>
        new(images, IntensityScale.Of(images, window: null), images.MaximumAnnotators, isByReader: false, new AugmentationOptions(), CPU);
}
