using AmbiSSL.Torch.Answers;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

public sealed class FeatureRangeTests
{
    [Test]
    public void The_most_unusual_feature_counts_in_deviations_of_its_logarithm()
    {
        var range = new FeatureRange([0, 1], [0.5f, 2], Limit: 4);

        var unlikeness = range.Unlikeness([(float)Math.Exp(3) - 0.001f, (float)Math.Exp(2) - 0.001f]);

        Assert.That(unlikeness, Is.EqualTo(6.0 / 4).Within(1e-5), "3 / 0.5 of the first, 1 / 2 of the second");
    }

    [Test]
    public void Of_further_images_of_the_same_kind_one_in_a_hundred_is_beyond_the_limit()
    {
        var random = new Random(1);
        var range = FeatureRange.Of([.. Enumerable.Range(0, 1000).Select(_ => Draw(random, 0))])!;

        var beyond = Enumerable.Range(0, 4000).Count(_ => range.Unlikeness(Draw(random, 0)) > 1) / 4000.0;
        var ofOthers = Enumerable.Range(0, 400).Count(_ => range.Unlikeness(Draw(random, 3)) > 1) / 400.0;

        Assert.That(beyond, Is.InRange(0.004, 0.02));
        Assert.That(ofOthers, Is.GreaterThan(0.3));
    }

    [Test]
    public void Too_few_images_say_nothing() => Assert.That(FeatureRange.Of([.. Enumerable.Repeat<float[]>([1, 2], FeatureRange.FewestImages - 1)]), Is.Null);

    [Test]
    public void A_model_knows_its_training_images_and_keeps_that()
    {
        var images = TinyData.Images(TinyData.Shape, count: 40);
        using var model = SegmentationTrainer.Fit(images, TinyData.Options with { Epochs = 2 });
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        using var loaded = SegmentationModel.Load(stream, "model");
        float[] alike = TinyData.Image(TinyData.Shape, 500).Pixels;
        float[] unlike = [.. alike.Select((_, place) => place % 2 == 0 ? 1f : 0f)];

        Assert.That(loaded.Unlikeness(alike), Is.EqualTo(model.Unlikeness(alike)).And.GreaterThan(0));
        Assert.That(loaded.Unlikeness(unlike), Is.GreaterThan(1).And.GreaterThan(loaded.Unlikeness(alike)));
        using var few = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), TinyData.Options with { Epochs = 2 });
        Assert.That(few.Unlikeness(alike), Is.NaN);
    }

    private static float[] Draw(Random random, double shift) =>
        [.. Enumerable.Range(0, 8).Select(feature => (float)Math.Exp(Normal(random) + (feature == 0 ? shift : 0)))];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
