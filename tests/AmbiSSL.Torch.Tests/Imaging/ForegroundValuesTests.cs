using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class ForegroundValuesTests
{
    [TestCase("")]
    [TestCase("1,")]
    [TestCase("-1")]
    [TestCase("65536")]
    [TestCase("1.5")]
    [TestCase("NonZero")]
    [TestCase("#FF")]
    [TestCase("#GG0000")]
    [TestCase("red")]
    [TestCase("1;2")]
    public void What_names_no_value_is_refused(string text) =>
        Assert.That(() => ForegroundValues.Parse(text), Throws.ArgumentException.With.Message.Contains($"'{text}' names no foreground"));

    [TestCase("nonzero")]
    [TestCase("at-least-half")]
    [TestCase("1,#FF0000")]
    public void Text_returns(string text) => Assert.That(ForegroundValues.Parse(text).ToString(), Is.EqualTo(text));

    [TestCase("1", new byte[] { 0, 255, 0 }, "255 (33.3 %), and foreground is to be 1, so that it would have none.")]
    [TestCase("1 ignoring 2", new byte[] { 2, 255, 0 }, "255 (33.3 %), and foreground is to be 1 ignoring 2, so that it would have none.")]
    [TestCase("1", new byte[] { 0, 7, 0 }, null)]
    [TestCase("1", new byte[] { 0, 255, 1 }, null)]
    [TestCase("0", new byte[] { 0, 255, 0 }, null)]
    [TestCase("1,255", new byte[] { 0, 255, 0 }, null)]
    public void A_mask_of_0_and_255_does_not_become_background_where_other_numbers_are_foreground(string foreground, byte[] values, string? sentence)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("mask.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(1, 1, 3), values));

        Assert.That(
            () => MaskFile.Read(path, new ReadingOptions { ForegroundValues = ForegroundValues.Parse(foreground) }),
            sentence is null
                ? Throws.Nothing
                : Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"Mask '{path}' holds the values ").And.Message.Contains(sentence));
    }

    [Test]
    public void A_mask_of_a_color_does_not_become_background_where_numbers_are_foreground()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("mask.png");
        ImageFile.Write(path, new ImagePixels(new ImageShape(3, 1, 2), (byte[])[255, 0, 0, 0, 0, 0]));

        Assert.That(
            () => MaskFile.Read(path, new ReadingOptions { ForegroundValues = ForegroundValues.Of(1) }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("Name #FF0000 as foreground too (--foreground)"));
    }

    [Test]
    public void No_value_at_all_is_refused() => Assert.That(() => ForegroundValues.Of(), Throws.ArgumentException);
}
