using System.Text.Json;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

/// <summary>Figures of masks of several classes, against numbers of <c>Oracle/class_figures.py</c> and against enumerated closed forms.</summary>
public sealed class ClassFiguresTests
{
    private static readonly MaskClasses CoreAndRim = new(["core", "rim"]);

    private static IEnumerable<TestCaseData> Cases { get; } = OracleFolder.Read(OracleFolder.BesideTests, "class_figures.json").GetProperty("cases")
        .EnumerateArray().Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Cases))]
    public void Figures_of_each_class_equal_the_script(JsonElement entry)
    {
        var scores = Scores(entry, AbsentClassConvention.Agrees);

        Assert.Multiple(() =>
        {
            foreach (var (own, expected) in scores.Classes.Zip(entry.GetProperty("classes").EnumerateArray()))
            {
                RequireEqual(own, expected);
            }
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Means_over_classes_equal_the_script(JsonElement entry) => Assert.Multiple(() =>
    {
        RequireEqual(Scores(entry, AbsentClassConvention.Agrees), entry.GetProperty("agrees"));
        RequireEqual(Scores(entry, AbsentClassConvention.LeftOut), entry.GetProperty("left_out"));
    });

    [Test]
    public void Energy_distance_of_exclusive_classes_equals_that_of_enumerated_lengths()
    {
        // A line of 12 pixels: the core is the first a of them, the rim those from a to b. Experts are any of a = 2, 4 with b = 7, 9; samples of a =
        // 2, 3 with b = 7.
        (int Core, int End)[] experts = [(2, 7), (2, 9), (4, 7), (4, 9)];
        (int Core, int End)[] samples = [(2, 7), (3, 7)];

        var scores = Score(samples, experts);

        // IoU of two cores is the shorter by the longer one, that of two rims what is in both by what is in one.
        static double Distance((int Core, int End) one, (int Core, int End) other)
        {
            var core = (double)Math.Min(one.Core, other.Core) / Math.Max(one.Core, other.Core);
            var both = Math.Min(one.End, other.End) - Math.Max(one.Core, other.Core);
            var rim = (double)both / (one.End - one.Core + other.End - other.Core - both);
            return 1 - ((core + rim) / 2);
        }

        double Mean((int, int)[] first, (int, int)[] second) => first.Average(one => second.Average(other => Distance(one, other)));
        var expected = (2 * Mean(samples, experts)) - Mean(samples, samples) - Mean(experts, experts);
        Assert.That(scores[Figure.Ged], Is.EqualTo(expected).Within(1e-12));
        Assert.That(expected, Is.EqualTo(207.0 / 1120).Within(1e-12), "as exact fractions give it");
    }

    [Test]
    public void Energy_distance_of_classes_is_zero_where_samples_are_the_experts() =>
        Assert.That(Score([(2, 7), (4, 9)], [(4, 9), (2, 7)])[Figure.Ged], Is.Zero.Within(1e-15));

    [Test]
    public void One_class_has_its_own_scores_alone()
    {
        var scores = ImageScores.Compute(new SampledMasks([1, 0], [1, 0]), new MaskSet(new ImageSize(1, 2), [1, 1]));

        Assert.That(scores.Classes, Is.EqualTo((ImageScores[])[scores]));
    }

    [Test]
    public void Summary_of_a_class_is_that_of_its_scores()
    {
        ImageScores[] images = [Score([(2, 7)], [(4, 9)]), Score([(3, 7), (5, 8)], [(3, 7)])];

        var summary = ScoreSummary.Of(images);

        Assert.That(summary.Classes, Has.Count.EqualTo(2));
        Assert.That(summary.Classes[1][Figure.DiceMax].Mean, Is.EqualTo(images.Average(image => image.Classes[1][Figure.DiceMax])));
        Assert.That(summary[Figure.DiceMax].Mean, Is.EqualTo(summary.Classes.Average(own => own[Figure.DiceMax].Mean)).Within(1e-15));
    }

    [Test]
    public void Images_of_other_classes_are_not_summarized_together() => Assert.That(
        () => ScoreSummary.Of([Score([(2, 7)], [(4, 9)]), ImageScores.Compute(new SampledMasks([1], [1]), new MaskSet(new ImageSize(1, 1), [1]))]),
        Throws.ArgumentException.With.Message.StartsWith("There are scores of 2 classes and of 1; summarize images of the same classes."));

    [Test]
    public void Masks_of_another_number_of_classes_are_refused() => Assert.That(
        () => ImageScores.Compute(new SampledMasks([1, 0], [1, 0]), new MaskSet(new ImageSize(1, 2), [1, 0, 0, 1], null, null, CoreAndRim)),
        Throws.ArgumentException.With.Message.StartsWith("There are 2 values, not a multiple of 2x2 = 4."));

    [Test]
    public void Volume_of_slices_of_classes_is_scored_over_all_its_voxels()
    {
        var size = new ImageSize(1, 2);
        (SampledMasks, MaskSet) Slice(byte[] drawn, byte[] experts) =>
            (new SampledMasks(drawn, [.. drawn.Select(value => (float)value)]), new MaskSet(size, experts, null, null, CoreAndRim));

        var scores = ImageScores.OfVolume([Slice([1, 0, 0, 1], [1, 0, 0, 1]), Slice([1, 1, 0, 0], [1, 0, 0, 1])]);

        Assert.That(scores.Classes.Select(own => own[Figure.DiceMax]), Is.EqualTo((double[])[4.0 / 5, 2.0 / 3]).Within(1e-12));
    }

    private static ImageScores Score((int Core, int End)[] samples, (int Core, int End)[] experts)
    {
        const int Width = 12;
        byte[] Planes((int Core, int End)[] masks) =>
        [
            .. from mask in masks
               from rim in (bool[])[false, true]
               from pixel in Enumerable.Range(0, Width)
               select (byte)(rim ? pixel >= mask.Core && pixel < mask.End ? 1 : 0 : pixel < mask.Core ? 1 : 0),
        ];
        var drawn = Planes(samples);
        var probability = new float[2 * Width];
        for (var i = 0; i < drawn.Length; i++)
        {
            probability[i % probability.Length] += (float)drawn[i] / samples.Length;
        }

        return ImageScores.Compute(new SampledMasks(drawn, probability), new MaskSet(new ImageSize(1, Width), Planes(experts), null, null, CoreAndRim));
    }

    private static ImageScores Scores(JsonElement entry, AbsentClassConvention absent)
    {
        var size = new ImageSize(entry.GetProperty("h").GetInt32(), entry.GetProperty("w").GetInt32());
        var classes = new MaskClasses(
            [.. Enumerable.Range(1, entry.GetProperty("k").GetInt32()).Select(number => $"class {number}")], entry.GetProperty("overlap").GetBoolean());
        var samples = Masks(entry.GetProperty("samples"));
        var (length, probability) = (classes.Count * size.PixelCount, new float[classes.Count * size.PixelCount]);
        for (var i = 0; i < length; i++)
        {
            probability[i] = (float)Enumerable.Range(0, samples.Length / length).Average(sample => samples[(sample * length) + i]);
        }

        return ImageScores.Compute(
            new SampledMasks(samples, probability),
            new MaskSet(size, Masks(entry.GetProperty("annotations")), null, null, classes),
            new FigureOptions { Figures = [.. Figure.Usual, Figure.ConsensusDice], AbsentClasses = absent });
    }

    private static byte[] Masks(JsonElement masks) => [.. masks.EnumerateArray().SelectMany(mask => mask.GetString()!).Select(pixel => (byte)(pixel - '0'))];

    private static void RequireEqual(ImageScores scores, JsonElement expected)
    {
        foreach (var member in expected.EnumerateObject())
        {
            var value = member.Value.ValueKind == JsonValueKind.Null ? double.NaN : member.Value.GetDouble();
            Assert.That(scores[Figure.All.Single(figure => figure.Name == member.Name)], Is.EqualTo(value).Within(1e-7), member.Name);
        }
    }
}
