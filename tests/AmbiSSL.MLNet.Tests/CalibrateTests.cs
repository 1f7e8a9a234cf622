using AmbiSSL.MLNet.Evaluation;
using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.Torch.Metrics;
using Microsoft.ML;
using Microsoft.ML.Runtime;

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

    [TestCase(1f, 0.5)]
    [TestCase(0.42f, 0.4)]
    [TestCase(0.12f, 0.1)]
    public void Threshold_IsTheNearestToOneHalfThatKeepsTheMajority(float inside, double threshold)
    {
        var experts = new MaskSet(Size, [.. Disc, .. new byte[Size.PixelCount]]);
        var choice = new ThresholdChoice(MaskClasses.One);

        choice.Add(Array.ConvertAll(Disc, value => value == 1 ? inside : 0), experts, new CountedPixels(experts));

        Assert.That(choice.Best([PostProcessing.None]), Is.EqualTo(threshold), "half of the readers are a majority");
    }

    [Test]
    public void Threshold_IsChosenForThePostProcessing()
    {
        // A speck whose probability is above one half costs that threshold, unless it is removed.
        var (experts, choice) = (new MaskSet(Size, Disc), new ThresholdChoice(MaskClasses.One));

        choice.Add([.. Disc.Select((value, pixel) => value == 1 ? 0.9f : pixel == 143 ? 0.52f : 0)], experts, new CountedPixels(experts));

        Assert.That(choice.Best([PostProcessing.None]), Is.EqualTo(0.55));
        Assert.That(choice.Best([new PostProcessing { SmallestComponent = 5 }]), Is.EqualTo(0.5));
    }

    [Test]
    public void Masks_OfTheModelThatIsReturned_AreNoWorse()
    {
        var catalog = TinyData.Context().AmbiguousSegmentation();
        var data = TinyData.Pictures(TinyData.PictureRows());

        var calibrated = catalog.Calibrate(TinyData.Shared.WithPostProcessing(new PostProcessing { SmallestComponent = 1000 }), data);

        Assert.That(catalog.Evaluate(calibrated.Transform(data)).Ged, Is.LessThanOrEqualTo(catalog.Evaluate(TinyData.Shared.Transform(data)).Ged));
        Assert.That(calibrated.Model.PostProcessing[0], Is.AnyOf(PostProcessing.Candidates.Cast<object>().ToArray()));
    }

    [Test]
    public void Probability_OfTheModelThatIsReturned_HasNoHigherBrierScore()
    {
        var catalog = TinyData.Context().AmbiguousSegmentation();
        var data = TinyData.Pictures(TinyData.PictureRows());

        var calibrated = catalog.Calibrate(TinyData.Shared.WithTemperature(5), data);

        Assert.That(
            catalog.Evaluate(calibrated.Transform(data))[Figure.Brier].Mean,
            Is.LessThanOrEqualTo(catalog.Evaluate(TinyData.Shared.Transform(data))[Figure.Brier].Mean));
    }

    [Test]
    public void Outlines_KeepTheirPromiseToThoseByWhomTheyWereChosen()
    {
        var catalog = TinyData.Context().AmbiguousSegmentation();
        var data = TinyData.Pictures(TinyData.PictureRows());

        var outlined = catalog.Calibrate(TinyData.Shared, data, coverage: 0.7);
        var coverage = catalog.Evaluate(outlined.Transform(data)).Outlines!.Value;

        Assert.That(outlined.Model.Outlines!.Coverage, Is.EqualTo(0.7));
        Assert.That(coverage.Inner, Is.GreaterThanOrEqualTo(0.7));
        Assert.That(coverage.Outer, Is.GreaterThanOrEqualTo(0.7));
        Assert.That(
            () => catalog.Calibrate(TinyData.Shared, data, coverage: 1),
            Throws.ArgumentException.With.Message.StartsWith("Option Coverage is 1; it must be"));
    }

    [Test]
    public void Outlines_ThatTooFewPatientsCanPromise_AreLeftOutWithAWord()
    {
        var context = TinyData.Context();
        List<string> warnings = [];
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };

        var calibrated = context.AmbiguousSegmentation().Calibrate(TinyData.Shared, TinyData.Pictures(TinyData.PictureRows()), coverage: 0.9);

        Assert.That(calibrated.Model.Outlines, Is.Null);
        Assert.That(
            warnings,
            Is.EqualTo(new[] { "There are no outlines: a promise of 90 % takes images with masks of at least 9 patients, and these are of 4." }));
    }

    [Test]
    public void Rows_WithoutAnnotations_AreRefused() => Assert.That(
        () => TinyData.Context().AmbiguousSegmentation().Calibrate(
            TinyData.Shared, TinyData.Pictures(TinyData.PictureRows().Where(row => row.Annotations.Length == 0))),
        Throws.InvalidOperationException.With.Message.StartsWith("Column 'Annotations' is empty in all 2 rows; choosing needs at least one image with masks."));

    [Test]
    public void MasksWithoutForeground_AreRefused() => Assert.That(
        () => TinyData.Context().AmbiguousSegmentation().Calibrate(
            TinyData.Shared,
            TinyData.Pictures(TinyData.PictureRows().Select(
                row => new PictureRow { Id = row.Id, Image = row.Image, Annotations = new byte[row.Annotations.Length] }))),
        Throws.InvalidOperationException.With.Message.Contains(" has a pixel of foreground, so that there is nothing to choose by; name the value "));

    private static PostProcessing Choose(byte[] sample)
    {
        var choice = new PostProcessingChoice(MaskClasses.One);
        var experts = new MaskSet(Size, Disc);
        choice.Add(sample, experts, new CountedPixels(experts));
        return choice.Best[0];
    }

    private static byte[] Draw(Func<int, int, bool> isForeground) =>
        [.. Enumerable.Range(0, Size.PixelCount).Select(pixel => isForeground(pixel / Size.Width, pixel % Size.Width) ? (byte)1 : (byte)0)];
}
