using AmbiSSL.Torch.Answers;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

public sealed class OutlineChoiceTests
{
    // With 19 patients (19·R + 1) / 20 is a tenth where the mean risk R is 1/19: more than a pixel of twenty, less than two.
    private const int Patients = 19;
    private const double Coverage = 0.9;

    // Twenty pixels that the reader holds inside, from 0.31 to 0.50; two outside that are more probable than some of them, and one that is not.
    private static readonly float[] Probability = [.. Enumerable.Range(31, 20).Select(percent => percent / 100f), 0.312f, 0.335f, 0.05f];
    private static readonly byte[] Mask = [.. Enumerable.Repeat((byte)1, 20), 0, 0, 0];

    [Test]
    public void The_outer_outline_misses_what_it_may()
    {
        var outlines = Choose(Probability, Mask);

        Assert.That(
            Outer(outlines, Probability),
            Is.EqualTo((int[])[.. Enumerable.Range(1, 19), 21]),
            "the least probable pixel of twenty, and what lies below it");
    }

    [Test]
    public void The_inner_outline_takes_in_what_it_may()
    {
        var outlines = Choose(Probability, Mask);

        Assert.That(
            Inner(outlines, Probability),
            Is.EqualTo((int[])[.. Enumerable.Range(1, 19), 21]),
            "one of twenty outside is less than 1/19, two of 22 are more");
    }

    [Test]
    public void A_tighter_inner_outline_that_is_wrong_counts_for_the_wider_ones()
    {
        float[] probability = [.. Probability, 0.99f];
        byte[] mask = [.. Mask, 0];

        Assert.That(Inner(Choose(probability, mask), probability), Is.Empty);
    }

    [Test]
    public void Fewer_patients_than_one_over_the_risk_promise_nothing()
    {
        Assert.That(OutlineChoice.PatientsNeeded(Coverage), Is.EqualTo(9));
        Assert.That(Fill(8, Probability, Mask).Best(Coverage, 1), Is.Null);
        var outlines = Fill(9, Probability, Mask).Best(Coverage, 1)!;
        Assert.That(Outer(outlines, Probability), Has.Length.EqualTo(22), "(9·0 + 1) / 10 is a tenth: all of the mask");
    }

    [Test]
    public void A_temperature_takes_the_outlines_along()
    {
        var (plain, warm) = (Choose(Probability, Mask), Fill(Patients, Probability, Mask).Best(Coverage, 2.5)!);
        float[] scaled = [.. Probability];
        TemperatureScaling.Apply(scaled, 2.5);

        Assert.That(Outer(warm, scaled), Is.EqualTo(Outer(plain, Probability)));
        Assert.That(Inner(warm, scaled), Is.EqualTo(Inner(plain, Probability)));
    }

    [Test]
    public void What_cannot_be_told_from_zero_makes_the_outer_outline_the_image()
    {
        float[] probability = [0, 0, 0.9f];

        var outlines = Choose(probability, [1, 0, 1]);

        Assert.That(Outer(outlines, probability), Is.EqualTo((int[])[0, 1, 2]));
    }

    [Test]
    public void On_further_patients_the_mean_is_what_was_promised()
    {
        // The bounds of conformal risk control: at least the coverage, and no more than 2 / (n + 1) above it.
        var random = new Random(3);
        var (outer, inner, repeats) = (0.0, 0.0, 300);
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var choice = new OutlineChoice();
            for (var patient = 0; patient < 30; patient++)
            {
                var (probability, mask) = Draw(random);
                choice.Add($"{patient}", probability, mask);
            }

            var outlines = choice.Best(Coverage, 1)!;
            var (further, reader) = Draw(random);
            var coverage = OutlineCoverage.Of(Draw(outlines.DrawInner, further), Draw(outlines.DrawOuter, further), reader);
            outer += coverage.Outer / repeats;
            inner += coverage.Inner / repeats;
        }

        Assert.That(outer, Is.InRange(Coverage - 0.01, Coverage + (2 / 31.0) + 0.01));
        Assert.That(inner, Is.GreaterThan(Coverage - 0.01));
    }

    // A patient whose reader holds more or less inside than the model expects.
    private static (float[] Probability, byte[] Mask) Draw(Random random)
    {
        float[] probability = [.. Enumerable.Range(0, 200).Select(_ => random.NextSingle())];
        var (temper, shift) = (0.2 + random.NextDouble(), random.NextDouble() - 0.5);
        return (probability, [.. probability.Select(p => random.NextDouble() < TemperatureScaling.Apply(p, temper) + (0.3 * shift) ? (byte)1 : (byte)0)]);
    }

    private static ConformalOutlines Choose(float[] probability, byte[] mask) => Fill(Patients, probability, mask).Best(Coverage, 1)!;

    // Each patient has an image that counts, and the same once more.
    private static OutlineChoice Fill(int patients, float[] probability, byte[] mask)
    {
        var choice = new OutlineChoice();
        for (var image = 0; image < 2 * patients; image++)
        {
            choice.Add($"{image / 2}", probability, mask);
        }

        return choice;
    }

    private static int[] Inner(ConformalOutlines outlines, float[] probability) => Places(Draw(outlines.DrawInner, probability));

    private static int[] Outer(ConformalOutlines outlines, float[] probability) => Places(Draw(outlines.DrawOuter, probability));

    private static int[] Places(byte[] mask) => [.. mask.Index().Where(pixel => pixel.Item != 0).Select(pixel => pixel.Index)];

    private static byte[] Draw(Drawing draw, float[] probability)
    {
        var mask = new byte[probability.Length];
        draw(probability, mask);
        return mask;
    }

    private delegate void Drawing(ReadOnlySpan<float> probability, Span<byte> mask);
}
