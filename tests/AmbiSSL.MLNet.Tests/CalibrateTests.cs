using AmbiSSL.MLNet.Evaluation;
using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

public sealed class CalibrateTests
{
    private static readonly ImageSize Size = new(12, 12);
    private static readonly byte[] Disc = Draw((y, x) => (y - 5) * (y - 5) + (x - 5) * (x - 5) <= 16);

    [Test]
    public void WhatHelps_IsChosen()
    {
        var ring = Draw((y, x) => Disc[(y * 12) + x] == 1 && (y, x) != (5, 5));
        var speckled = Draw((y, x) => Disc[(y * 12) + x] == 1 || (y, x) is (11, 11) or (0, 11));

        Assert.That(Choose(Disc), Is.EqualTo(PostProcessing.None));
        Assert.That(Choose(ring), Is.EqualTo(new PostProcessing { FillHoles = true }));
        Assert.That(Choose(speckled), Is.EqualTo(new PostProcessing { SmallestComponent = 5 }));
    }

    [Test]
    public void Masks_OfTheModelThatIsReturned_AreNoWorse()
    {
        var catalog = TinyData.Context().AmbiguousSegmentation();
        var data = TinyData.Pictures(TinyData.PictureRows());

        var calibrated = catalog.Calibrate(TinyData.Shared.WithPostProcessing(new PostProcessing { SmallestComponent = 1000 }), data);

        Assert.That(catalog.Evaluate(calibrated.Transform(data)).Ged, Is.LessThanOrEqualTo(catalog.Evaluate(TinyData.Shared.Transform(data)).Ged));
        Assert.That(calibrated.Model.PostProcessing, Is.AnyOf(PostProcessing.Candidates.Cast<object>().ToArray()));
    }

    [Test]
    public void Rows_WithoutAnnotations_AreRefused() => Assert.That(
        () => TinyData.Context().AmbiguousSegmentation().Calibrate(
            TinyData.Shared, TinyData.Pictures(TinyData.PictureRows().Where(row => row.Annotations.Length == 0))),
        Throws.InvalidOperationException.With.Message.StartsWith("Column 'Annotations' is empty in all 2 rows; choosing needs at least one image with masks."));

    private static PostProcessing Choose(byte[] sample)
    {
        var choice = new PostProcessingChoice();
        var experts = new MaskSet(Size, Disc);
        choice.Add(sample, experts, new CountedPixels(experts));
        return choice.Best;
    }

    private static byte[] Draw(Func<int, int, bool> isForeground) =>
        [.. Enumerable.Range(0, Size.PixelCount).Select(pixel => isForeground(pixel / Size.Width, pixel % Size.Width) ? (byte)1 : (byte)0)];
}
