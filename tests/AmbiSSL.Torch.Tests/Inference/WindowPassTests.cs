using AmbiSSL.Torch.Inference;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Inference;

public sealed class WindowPassTests : TorchFixture
{
    [TestCase(50, 37)]
    [TestCase(16, 16)]
    [TestCase(9, 40)]
    [TestCase(12, 5)]
    public void What_copies_its_window_gives_the_image_again(int height, int width)
    {
        var image = Noise(2, height, width);

        var drawn = Draw(image, new ImageShape(2, height, width), planes: 2, (seen, _) => seen);

        Assert.That(drawn, Is.EqualTo(image).Within(1e-5f));
    }

    [Test]
    public void Where_a_window_ends_nothing_jumps()
    {
        // Each window draws a number of its own: whatever changes from column to column comes from the windows.
        var drawn = Draw(new float[48 * 160], new ImageShape(1, 48, 160), planes: 1, (seen, places) =>
            ones_like(seen) * new Random(places[0].Left + (1000 * places[0].Top)).NextSingle());
        float Jump(int column) => Enumerable.Range(0, 48).Average(row => Math.Abs(drawn[(row * 160) + column] - drawn[(row * 160) + column - 1]));
        var starts = new WindowAxis(160, 16).Starts;
        int[] borders = [.. starts.Skip(1), .. starts.SkipLast(1).Select(start => start + 16)];

        Assert.That(borders.Average(Jump), Is.LessThanOrEqualTo(borders.Average(column => Math.Max(Jump(column - 1), Jump(column + 1)))));
    }

    [Test]
    public void No_probability_rises_above_one()
    {
        var drawn = Draw(new float[100 * 100], new ImageShape(1, 100, 100), planes: 1, (seen, _) => ones_like(seen));

        Assert.That(drawn, Has.All.InRange(0.99999f, 1f));
    }

    [Test]
    public void Probabilities_that_are_no_numbers_are_refused() => Assert.That(
        () => Draw(new float[256], new ImageShape(1, 16, 16), planes: 1, (seen, _) => seen / 0 * 0),
        Throws.InvalidOperationException.With.Message.Contains("no numbers"));

    private static float[] Draw(float[] image, ImageShape shape, int planes, Func<Tensor, IReadOnlyList<(int Top, int Left)>, Tensor> draw)
    {
        var pass = new WindowPass(new MemoryRows(image, shape), new ImageSize(16, 16), planes, draw, CPU);
        var drawn = new float[planes * shape.PixelCount];
        while (pass.MoveNext())
        {
            for (var plane = 0; plane < planes; plane++)
            {
                pass.Probabilities.Slice(plane * shape.Width, shape.Width).CopyTo(drawn.AsSpan((plane * shape.PixelCount) + (pass.Row * shape.Width)));
            }
        }

        return drawn;
    }

    private static float[] Noise(int channels, int height, int width)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, channels * height * width).Select(_ => random.NextSingle())];
    }
}
