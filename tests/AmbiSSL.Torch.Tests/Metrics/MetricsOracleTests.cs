using System.Text.Json;
using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

[Category("Oracle")]
public sealed class MetricsOracleTests
{
    private const string File = "metrics.json";

    private static readonly JsonElement Root = OracleFolder.Read(File);

    private static readonly double Scale = Root.GetProperty("scale").GetDouble();

    private static readonly double[] Thresholds = ReadNumbers(Root.GetProperty("taus"));

    public static IEnumerable<TestCaseData> Cases => OracleFolder.TestCases(File);

    [TestCaseSource(nameof(Cases))]
    public void Energy_distance_equals_the_reference(JsonElement entry)
    {
        var given = new MetricsOracleCase(entry, Scale);

        Assert.Multiple(() =>
        {
            AssertReference(entry, "cross", PairwiseDistance.Between(given.Samples, given.Annotations));
            AssertReference(entry, "pred_pred_v", PairwiseDistance.Within(given.Samples));
            AssertReference(entry, "label_label_v", PairwiseDistance.Within(given.Annotations));
            AssertReference(entry, "ged_v_empty1", GeneralizedEnergyDistance.VStatistic(given.Samples, given.Annotations));
            AssertReference(
                entry,
                "ged_v_empty0",
                GeneralizedEnergyDistance.VStatistic(given.Samples, given.Annotations, EmptyMaskConvention.IouIsZero));
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Diversity_equals_the_reference_of_the_unbiased_energy_distance(JsonElement entry)
    {
        var given = new MetricsOracleCase(entry, Scale);
        var (samples, annotations) = (PairwiseDistance.WithinDistinct(given.Samples), PairwiseDistance.WithinDistinct(given.Annotations));
        if (OracleFolder.ReadOptional(entry.GetProperty("reference"), "ged_u_empty1") is null)
        {
            Assert.That(samples + annotations, Is.NaN, "a single mask has no pair");
            return;
        }

        AssertReference(entry, "ged_u_empty1", (2 * PairwiseDistance.Between(given.Samples, given.Annotations)) - samples - annotations);
    }

    [TestCaseSource(nameof(Cases))]
    public void Soft_dice_equals_the_reference(JsonElement entry)
    {
        var given = new MetricsOracleCase(entry, Scale);
        double[] perThreshold = SoftDice.PerThreshold(given.MeanProbability, given.Annotations, Thresholds);

        Assert.Multiple(() =>
        {
            AssertReference(entry, "dice_soft", perThreshold.Average());
            AssertReferences(entry, "dice_soft_per_tau", perThreshold);
            AssertReference(
                entry,
                "dice_soft_from_binarised",
                SoftDice.PerThreshold(TestMasks.Mean(given.Samples), given.Annotations, Thresholds).Average());
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Set_dice_equals_the_reference(JsonElement entry)
    {
        var given = new MetricsOracleCase(entry, Scale);
        double max = SetDice.Max(given.Samples, given.Annotations);
        double maxPerSample = SetDice.Max(given.Annotations, given.Samples);
        double match = SetDice.Match(given.Samples, given.Annotations);
        int matched = Math.Min(given.Samples.Length, given.Annotations.Length);

        Assert.Multiple(() =>
        {
            AssertReference(entry, "dice_max_per_annotation", max);
            AssertReference(entry, "dice_max_per_prediction", maxPerSample);
            AssertReference(entry, "dice_max_mean", (max + maxPerSample) / 2);
            AssertReference(entry, "dice_match", match);
            AssertReference(entry, "dice_match_over_min", match * given.Annotations.Length / matched);
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Scores_of_an_image_equal_the_reference(JsonElement entry)
    {
        var given = new MetricsOracleCase(entry, Scale);
        var scores = ImageScores.Compute(
            given.SampleBytes, given.MeanProbability, given.AnnotationBytes, given.Height, given.Width);

        Assert.Multiple(() =>
        {
            AssertReference(entry, "ged_v_empty1", scores[Figure.Ged]);
            AssertReference(entry, "dice_max_per_annotation", scores[Figure.DiceMax]);
            AssertReference(entry, "dice_match", scores[Figure.DiceMatch]);
            if (Thresholds.AsSpan().SequenceEqual(SoftDice.Thresholds))
            {
                AssertReference(entry, "dice_soft", scores[Figure.DiceSoft]);
            }
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Energy_distance_with_zero_for_empty_masks_equals_D_Persona(JsonElement entry)
    {
        var given = new MetricsOracleCase(entry, Scale);
        double? expected = OracleFolder.ReadOptional(entry.GetProperty("dpersona"), "ged");
        Assume.That(expected, Is.Not.Null, "D-Persona gives no number for this case.");

        double actual = GeneralizedEnergyDistance.VStatistic(given.Samples, given.Annotations, EmptyMaskConvention.IouIsZero);

        Assert.That(actual - EffectOfUnionOffset(given), Is.EqualTo(expected!.Value).Within(Tolerance("dpersona_ged")));
    }

    [TestCaseSource(nameof(Cases))]
    public void Dice_scores_equal_D_Persona_where_it_does_not_depart_from_the_definition(JsonElement entry)
    {
        var given = new MetricsOracleCase(entry, Scale);

        Assert.Multiple(() =>
        {
            AssertDPersona(entry, "dice_soft", SoftDice.PerThreshold(given.MeanProbability, given.Annotations, Thresholds).Average());
            AssertDPersona(entry, "dice_max", SetDice.Max(given.Annotations, given.Samples));
            AssertDPersona(entry, "dice_max_reverse", SetDice.Max(given.Samples, given.Annotations));
            AssertDPersona(entry, "dice_match", SetDice.Match(given.Samples, given.Annotations));
        });
    }

    private static void AssertReference(JsonElement entry, string field, double actual)
    {
        if (OracleFolder.ReadOptional(entry.GetProperty("reference"), field) is double expected)
        {
            Assert.That(actual, Is.EqualTo(expected).Within(Tolerance("reference")), field);
        }
    }

    private static void AssertReferences(JsonElement entry, string field, double[] actual)
    {
        if (entry.GetProperty("reference").TryGetProperty(field, out JsonElement expected) && expected.ValueKind == JsonValueKind.Array)
        {
            Assert.That(actual, Is.EqualTo(ReadNumbers(expected)).Within(Tolerance("reference")), field);
        }
    }

    private static void AssertDPersona(JsonElement entry, string field, double actual)
    {
        if (!entry.GetProperty("differs").TryGetProperty(field, out _)
            && OracleFolder.ReadOptional(entry.GetProperty("dpersona"), field) is double expected)
        {
            Assert.That(actual, Is.EqualTo(expected).Within(Tolerance("dpersona_dice")), field);
        }
    }

    // D-Persona adds 1e-8 to every union before it divides, which moves the energy distance of small masks by more than its tolerance.
    private static double EffectOfUnionOffset(MetricsOracleCase given)
    {
        return (2 * MeanEffect(given.Samples, given.Annotations))
            - MeanEffect(given.Samples, given.Samples)
            - MeanEffect(given.Annotations, given.Annotations);

        static double MeanEffect(BitMask[] first, BitMask[] second) =>
            first.Average(mask => second.Average(other => Effect(mask.IntersectionCount(other), mask.Area + other.Area - mask.IntersectionCount(other))));

        static double Effect(int intersection, int union) =>
            union == 0 ? 0 : (intersection / (union + 1e-8)) - ((double)intersection / union);
    }

    private static double Tolerance(string kind) => Root.GetProperty("tolerance").GetProperty(kind).GetDouble();

    private static double[] ReadNumbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
