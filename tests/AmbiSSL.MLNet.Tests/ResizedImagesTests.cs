using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

/// <summary>Images whose masks were not resized with them, and other columns that are not what they seem.</summary>
public sealed class ResizedImagesTests
{
    // Four times the side of TinyData's images at most.
    private const string Remedy = "resize masks and images alike, as AnnotationLoadingOptions.Resize of LoadAnnotations does with masks, ";

    [TestCase(2, 1)]
    [TestCase(2, 3)]
    [TestCase(3, 2)]
    [TestCase(4, 1)]
    public void MasksOfAMultipleOfTheImagesSize_AreRefused(int factor, int readers)
    {
        var (side, masks) = (factor * TinyData.Side, factor * factor * readers);

        AssertRefused(
            Rows(factor, readers),
            new SegmentationColumns(),
            $"Column 'Annotations', row 0: read as {masks} masks of the image's 16x16 pixels the values make no shapes, but they look like {readers} of "
            + $"{side}x{side}, here and in every row; it seems that images were resized and their masks were not; {Remedy}or tell the size of the masks with "
            + "SegmentationColumns.AnnotationsSize.");
    }

    [Test]
    public void MasksOfTheImagesSize_AreTaken([Values(1, 4, 9, 16)] int readers) => Assert.That(
        () => TinyData.Estimator().Fit(TinyData.View(Rows(factor: 1, readers))).Dispose(), Throws.Nothing);

    [Test]
    public void SizeThatIsTold_IsTaken() => Assert.That(
        () => TinyData.Estimator(columns: new SegmentationColumns { AnnotationsSize = new ImageSize(16, 16) }).Fit(TinyData.View(Rows(2, 1))).Dispose(),
        Throws.Nothing);

    [Test]
    public void SizeThatIsToldAndNotThatOfTheImages_IsRefused() => AssertRefused(
        Rows(factor: 2, readers: 1),
        new SegmentationColumns { AnnotationsSize = new ImageSize(32, 32) },
        "Column 'Annotations', row 0: the masks are 32x32 pixels, but the image is 16x16; " + Remedy[..^2] + ".");

    [Test]
    public void MoreMasksThanARowMayHave_AreRefused() => AssertRefused(
        Rows(factor: 3, readers: 4),
        new SegmentationColumns(),
        "Column 'Annotations', row 0: 9216 values would be 36 masks of the image's 16x16 pixels, more than SegmentationColumns.MaximumMasks, 32, allows; it "
        + $"seems that images were resized and their masks were not; {Remedy}or raise MaximumMasks.");

    [Test]
    public void MostMasksOfARow_CanBeRaised() => Assert.That(
        () => TinyData.Estimator(columns: new SegmentationColumns { MaximumMasks = 40 }).Fit(TinyData.View(Rows(factor: 1, readers: 40))).Dispose(),
        Throws.Nothing);

    [Test]
    public void MasksOfALoader_MayBeMore() => Assert.That(
        () => TinyData.Estimator().Fit(
            TinyData.View(Rows(factor: 1, readers: 40), annotations: TinyData.AnnotationsType(0, TinyData.Side, TinyData.Side))).Dispose(),
        Throws.Nothing);

    [Test]
    public void MostMasksBelowOne_AreRefused() => Assert.That(
        () => new SegmentationColumns { MaximumMasks = 0 }.Validate(),
        Throws.ArgumentException.With.Message.StartsWith("SegmentationColumns.MaximumMasks is 0; it must be at least 1."));

    [Test]
    public void SizeBelowOne_IsRefused() => Assert.That(
        () => new SegmentationColumns { AnnotationsSize = new ImageSize(0, 4) }.Validate(),
        Throws.ArgumentException.With.Message.StartsWith("SegmentationColumns.AnnotationsSize is 0x4; height and width must be at least 1."));

    [Test]
    public void ChannelsBehindHeightAndWidth_AreRefused()
    {
        var context = TinyData.Context();
        var pictures = TinyData.Pictures(TinyData.PictureRows());
        var pixels = context.Transforms.ExtractPixels("Image", "Image", interleavePixelColors: true).Fit(pictures).Transform(pictures);

        Assert.That(
            () => TinyData.Estimator().Fit(pixels),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "Schema mismatch for image column 'Image': expected channels before height and width, got Vector<Single, 16, 16, 3>, which seems to be height, "
                + "width and channels; give the values as [3, 16, 16], one channel after the other, as ExtractPixels does without interleavePixelColors."));
    }

    [Test]
    public void PicturesBehindACacheCheckpoint_AreMissedByName()
    {
        var context = TinyData.Context();
        var pipeline = context.Transforms.CopyColumns("Copy", "Id").AppendCacheCheckpoint(context)
            .Append(context.Transforms.CopyColumns("Second", "Id")).Append(context.Transforms.AmbiSSL(TinyData.Options));

        Assert.That(
            () => pipeline.Fit(TinyData.Pictures(TinyData.PictureRows())),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "Could not find image column 'Image'; the data comes through a cache, AppendCacheCheckpoint or Data.Cache, "
                + "which leaves out columns of MLImage: take the cache away (training keeps images in one of its own), or put ExtractPixels before it."));
        Assert.That(
            () => TinyData.Shared.Transform(context.Data.Cache(TinyData.Pictures(TinyData.PictureRows()))),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("the data comes through a cache"));
    }

    [Test]
    public void ScoredDataWithoutMasks_IsNotEvaluated()
    {
        var rows = TinyData.Context().Data.LoadFromEnumerable(TinyData.Rows().Select(row => new UnlabeledRow { Image = row.Image }));

        Assert.That(
            () => TinyData.Context().AmbiguousSegmentation().Evaluate(TinyData.Shared.Transform(rows)),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "Could not find annotations column 'Annotations'; the data that was scored has no masks, to which those of the model could be compared: score "
                + "rows that have them, and name their column with SegmentationColumns.Annotations."));
    }

    private static void AssertRefused(IEnumerable<VectorRow> rows, SegmentationColumns columns, string message) => Assert.That(
        () => TinyData.Estimator(columns: columns).Fit(TinyData.View(rows)), Throws.InvalidOperationException.With.Message.EqualTo(message));

    /// <summary>Images of TinyData's size with masks of a multiple of it: discs of a place that differs from row to row.</summary>
    private static VectorRow[] Rows(int factor, int readers) =>
    [
        .. TinyData.Rows().Select((row, index) => new VectorRow
        {
            Image = row.Image,
            Annotations = index == 4 ? [] : [.. Enumerable.Range(0, readers).SelectMany(reader => Disc(factor * TinyData.Side, index, reader))],
        }),
    ];

    private static IEnumerable<byte> Disc(int side, int row, int reader) => Enumerable.Range(0, side * side).Select(i =>
    {
        var (x, y) = ((i % side) - (side / 2) - row, (i / side) - (side / 2) + (reader % 3));
        return (x * x) + (y * y) < side * side / 9 ? (byte)1 : (byte)0;
    });
}
