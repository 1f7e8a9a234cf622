using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Tests;

public sealed class SuspectMasksTests
{
    private const int Side = TinyData.Side;
    private readonly MLContext _context = new(seed: 1);

    [Test]
    public void MaskThatCoversThreeCornersOrAll_IsWarnedOf()
    {
        var warnings = Warnings(Disc(), Inverted(Disc()), Enumerable.Repeat((byte)1, Side * Side).ToArray(), OneCorner());

        Assert.That(warnings, Has.Count.EqualTo(1));
        Assert.That(
            warnings[0],
            Does.StartWith("Column 'Annotations': 2 of 4 masks are foreground on three or four corners of the image, the first in row 1."));
    }

    [Test]
    public void MasksWithoutAnyForeground_AreWarnedOf() =>
        Assert.That(
            Warnings(new byte[Side * Side], new byte[Side * Side]),
            Is.EqualTo((string[])[
                "Column 'Annotations': none of the 2 masks has any foreground. If they should, say which values are foreground with "
                + "ReadingOptions.ForegroundValues (--foreground)."]));

    [Test]
    public void DiscsBesideAnEmptyMask_AreNotWarnedOf() => Assert.That(Warnings(Disc(), new byte[Side * Side]), Is.Empty);

    private static byte[] Disc() =>
        [.. from y in Enumerable.Range(0, Side) from x in Enumerable.Range(0, Side) select (byte)(((x - 8) * (x - 8)) + ((y - 8) * (y - 8)) < 16 ? 1 : 0)];

    private static byte[] Inverted(byte[] mask) => Array.ConvertAll(mask, value => (byte)(1 - value));

    private static byte[] OneCorner()
    {
        var mask = Disc();
        mask[0] = 1;
        return mask;
    }

    private List<string> Warnings(params byte[][] masks)
    {
        List<string> warnings = [];
        _context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };
        using var model = _context.Transforms.AmbiSSL(TinyData.Options).Fit(
            _context.Data.LoadFromEnumerable(masks.Select((mask, row) => new VectorRow { Image = TinyData.Image(row), Annotations = mask })));
        return warnings;
    }
}
