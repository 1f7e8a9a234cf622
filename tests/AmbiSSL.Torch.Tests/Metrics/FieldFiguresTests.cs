using System.Text.Json;
using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

/// <summary>The figures beyond the usual ones, against numbers of <c>Oracle/figures.py</c>.</summary>
public sealed class FieldFiguresTests
{
    private static readonly JsonElement Root = OracleFolder.Read(OracleFolder.BesideTests, "figures.json");

    private static IEnumerable<TestCaseData> Cases { get; } =
        Root.GetProperty("cases").EnumerateArray().Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Cases))]
    public void Figures_of_an_image_equal_the_script(JsonElement entry)
    {
        var size = new ImageSize(entry.GetProperty("h").GetInt32(), entry.GetProperty("w").GetInt32());
        var samples = Masks(entry.GetProperty("samples"));
        var probability = TestMasks.Mean(BitMask.SetFromBytes(samples, size.Height, size.Width));
        var drawn = new SampledMasks(samples, probability) { Consensus = entry.GetProperty("consensus").GetString() is { } mask ? Mask(mask) : null };
        var spacing = entry.GetProperty("spacing");
        var options = new FigureOptions { Figures = Figure.All, SurfaceTolerance = entry.GetProperty("tolerance").GetDouble() };

        var scores = ImageScores.Compute(
            drawn, new MaskSet(size, Masks(entry.GetProperty("annotations"))), options,
            spacing.ValueKind == JsonValueKind.Null ? null : new PixelSpacing(spacing[0].GetDouble(), spacing[1].GetDouble()));

        var expected = entry.GetProperty("expected").EnumerateObject().ToDictionary(
            member => Figure.All.Single(figure => figure.Name == member.Name),
            member => member.Value.ValueKind == JsonValueKind.Null ? double.NaN : member.Value.GetDouble());
        Assert.That(expected.Keys, Is.EquivalentTo(Figure.All.Where(figure => figure.IsPerImage).Except(Figure.Usual)));
        Assert.Multiple(() =>
        {
            foreach (var (figure, value) in expected)
            {
                // The script keeps a small number in the logarithms of cross-entropies.
                Assert.That(scores[figure], Is.EqualTo(value).Within(figure == Figure.NormalizedCrossCorrelation ? 1e-7 : 1e-9), figure.Name);
            }
        });
    }

    [Test]
    public void Areas_of_risk_and_coverage_equal_the_script()
    {
        var entry = Root.GetProperty("risk_coverage");
        var (doubt, risk) = (Numbers(entry.GetProperty("doubt")), Numbers(entry.GetProperty("risk")));
        ImageScores[] images =
        [
            .. doubt.Zip(risk, (own, lost) => new ImageScores(
                [KeyValuePair.Create(Figure.SampleDiversity, own), KeyValuePair.Create(Figure.ConsensusDice, 1 - lost)])),
        ];

        var summary = ScoreSummary.Of(images, [Figure.RiskCoverageArea, Figure.RiskCoverageExcess]);

        Assert.That(summary[Figure.RiskCoverageArea].Mean, Is.EqualTo(entry.GetProperty("area").GetDouble()).Within(1e-12));
        Assert.That(summary[Figure.RiskCoverageExcess].Mean, Is.EqualTo(entry.GetProperty("excess").GetDouble()).Within(1e-12));
    }

    [Test]
    public void Risk_and_coverage_of_images_without_doubt_are_not_a_number() => Assert.That(
        ScoreSummary.Of([new ImageScores([KeyValuePair.Create(Figure.ConsensusDice, 0.5)])], [Figure.RiskCoverageArea])[Figure.RiskCoverageArea].Mean, Is.NaN);

    [Test]
    public void What_a_figure_over_images_is_made_of_is_computed_with_it()
    {
        var drawn = new SampledMasks([1, 0, 1, 1], [1, 0.5f]);

        var scores = ImageScores.Compute(drawn, new MaskSet(new ImageSize(1, 2), [1, 0]), new FigureOptions { Figures = [Figure.RiskCoverageArea] });

        Assert.That((scores[Figure.SampleDiversity], scores[Figure.ConsensusDice], scores[Figure.Ged]), Is.EqualTo((0.5, 1.0, double.NaN)));
    }

    [Test]
    public void Samples_that_vary_equally_everywhere_have_no_cross_correlation()
    {
        // Of seven samples three hold the left pixel inside and four the right one: 3/7·4/7 of either.
        byte[] samples = [1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1];

        var scores = ImageScores.Compute(
            new SampledMasks(samples, [3f / 7, 4f / 7]), new MaskSet(new ImageSize(1, 2), [1, 1]),
            new FigureOptions { Figures = [Figure.NormalizedCrossCorrelation] });

        Assert.That(scores[Figure.NormalizedCrossCorrelation], Is.NaN);
    }

    [Test]
    public void Pixels_that_a_reader_ignores_are_background_of_lesions_and_borders()
    {
        var size = new ImageSize(1, 5);
        var masks = new MaskSet(size, [1, 0, 0, 0, 0], ignored: [0, 0, 0, 0, 1]);
        var drawn = new SampledMasks([1, 0, 0, 0, 1], [1, 0, 0, 0, 1]);

        var scores = ImageScores.Compute(drawn, masks, new FigureOptions { Figures = Figure.All });

        Figure[] shown = [Figure.LesionF1, Figure.LesionShareError, Figure.ConsensusHausdorffMajority, Figure.ConsensusSurfaceDiceStaple, Figure.AreaScore];
        Assert.That(shown.Select(figure => scores[figure]), Is.EqualTo((double[])[1, 0, 0, 1, 0]));
    }

    [Test]
    public void A_negative_tolerance_is_refused() => Assert.That(
        () => ImageScores.Compute(new SampledMasks([1], [1]), new MaskSet(new ImageSize(1, 1), [1]), new FigureOptions { SurfaceTolerance = -0.5 }),
        Throws.ArgumentException.With.Message.StartsWith("FigureOptions.SurfaceTolerance is -0.5; it must be 0 or more."));

    [Test]
    public void No_figure_is_refused() => Assert.That(
        () => ImageScores.Compute(new SampledMasks([1], [1]), new MaskSet(new ImageSize(1, 1), [1]), new FigureOptions { Figures = [] }),
        Throws.ArgumentException.With.Message.StartsWith("FigureOptions.Figures names no figure"));

    private static byte[] Masks(JsonElement rows) => [.. rows.EnumerateArray().SelectMany(row => Mask(row.GetString()!))];

    private static byte[] Mask(string row) => [.. row.Select(pixel => (byte)(pixel - '0'))];

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
