using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class MaskFileTests : FolderFixture
{
    private const int Gray = 0;
    private const int Color = 2;
    private const int Palette = 3;
    private const int GrayAlpha = 4;
    private const int ColorAlpha = 6;

    // What leaves no doubt: color type, bits, one row of bytes, the mask.
    private static readonly TestCaseData[] Clear =
    [
        Case("0 and 255", Gray, 8, [0, 255, 0], [0, 1, 0]),
        Case("0 and 200", Gray, 8, [0, 200, 200], [0, 1, 1]),
        Case("0 and 128, the least above half", Gray, 8, [0, 128], [0, 1]),
        Case("all 0", Gray, 8, [0, 0], [0, 0]),
        Case("all 255", Gray, 8, [255, 255], [1, 1]),
        Case("one bit", Gray, 1, [0b10100001], [1, 0, 1, 0, 0, 0, 0, 1], width: 8),
        Case("0 and 65535", Gray, 16, [0, 0, 255, 255], [0, 1]),
        Case("0 and 32768 of 16 bits", Gray, 16, [0, 0, 0x80, 0], [0, 1]),
        Case("black and red", Color, 8, [0, 0, 0, 255, 0, 0], [0, 1]),
        Case("black and a dark red above half", Color, 8, [0, 0, 0, 128, 0, 0], [0, 1]),
        Case("gray whose alpha is opaque everywhere", GrayAlpha, 8, [0, 255, 255, 255], [0, 1]),
        Case("gray whose alpha is 0 everywhere", GrayAlpha, 8, [0, 0, 255, 0], [0, 1]),
        Case("white in alpha", GrayAlpha, 8, [255, 0, 255, 255], [0, 1]),
        Case("black in alpha", ColorAlpha, 8, [0, 0, 0, 0, 0, 0, 0, 255], [0, 1]),
        Case("red in alpha", ColorAlpha, 8, [255, 0, 0, 0, 255, 0, 0, 255], [0, 1]),
        Case("half transparent red in alpha", ColorAlpha, 8, [255, 0, 0, 0, 255, 0, 0, 128], [0, 1]),
        Case("red on transparent white", ColorAlpha, 8, [255, 255, 255, 0, 255, 0, 0, 255], [0, 1]),
        Case("white on transparent black", ColorAlpha, 8, [0, 0, 0, 0, 255, 255, 255, 255], [0, 1]),
        Case("white of 16 bits in alpha", GrayAlpha, 16, [255, 255, 0, 0, 255, 255, 255, 255], [0, 1]),
        Case("red of 16 bits in alpha", ColorAlpha, 16, [255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 255, 255], [0, 1]),
        Case("gray on transparent white", Gray, 8, [255, 200], [0, 1], transparency: [0, 255]),
        Case("gray of 16 bits on transparent white", Gray, 16, [255, 255, 156, 64], [0, 1], transparency: [255, 255]),
        Case("palette of black and green", Palette, 8, [0, 1], [0, 1], [0, 0, 0, 0, 200, 0]),
        Case("palette of black and white", Palette, 8, [1, 0], [1, 0], [0, 0, 0, 255, 255, 255]),
        Case("palette whose first entry is transparent", Palette, 8, [0, 1], [0, 1], [255, 255, 255, 255, 255, 255], [0]),
    ];

    // What leaves a doubt, and how its values are named.
    private static readonly TestCaseData[] Doubtful =
    [
        Case("0 and 1", Gray, 8, [0, 1, 1], "0 (33.3 %)", "1 (66.7 %)"),
        Case("0 and 127", Gray, 8, [0, 127], "127 (50.0 %)"),
        Case("0, 1 and 255", Gray, 8, [0, 0, 1, 255], "0 (50.0 %)", "1 (25.0 %)", "255 (25.0 %)"),
        Case("1 and 2", Gray, 8, [1, 2], "1 (50.0 %)", "2 (50.0 %)"),
        Case("10 and 250", Gray, 8, [10, 250], "10 (50.0 %)", "250 (50.0 %)"),
        Case("all 7", Gray, 8, [7, 7], "the value 7 (100.0 %)"),
        Case("soft edge", Gray, 8, [0, 64, 192, 255], "64 (25.0 %)", "192 (25.0 %)"),
        Case("noise of JPEG", Gray, 8, [0, 1, 2, 3, 251, 252, 253, 254, 255], "and 3 more"),
        Case("two labels of 16 bits", Gray, 16, [0, 0, 0, 1, 0, 2], "1 (33.3 %)", "2 (33.3 %)"),
        Case("red and green on black", Color, 8, [0, 0, 0, 255, 0, 0, 0, 255, 0], "#FF0000 (33.3 %)", "#00FF00 (33.3 %)"),
        Case("red on white", Color, 8, [255, 255, 255, 255, 0, 0], "#FF0000 (50.0 %)", "255 (50.0 %)"),
        Case("dark red", Color, 8, [0, 0, 0, 64, 0, 0], "#400000 (50.0 %)"),
        Case("palette of light gray and red", Palette, 8, [0, 1, 0, 0], "220 (75.0 %)", "#FF0000 (25.0 %)", (byte[])[220, 220, 220, 255, 0, 0]),
        Case("soft edge in alpha", GrayAlpha, 8, [255, 0, 255, 90, 255, 255], "90 (33.3 %)"),
        Case("half transparent in alpha, below half", GrayAlpha, 8, [255, 0, 255, 127], "127 (50.0 %)"),
        Case("black on transparent white", ColorAlpha, 8, [255, 255, 255, 0, 0, 0, 0, 255], "#FFFFFF00 (50.0 %)", "0 (50.0 %)"),
        Case("two colors on nothing", ColorAlpha, 8, [0, 0, 0, 0, 255, 0, 0, 255, 0, 255, 0, 255], "#00000000 (33.3 %)"),
        Case("white hole in black", ColorAlpha, 8, [0, 0, 0, 255, 255, 255, 255, 0], "#FFFFFF00 (50.0 %)"),
    ];

    // The same told what is foreground.
    private static readonly TestCaseData[] Told =
    [
        Case("nonzero", Gray, [0, 1, 255], [0, 1, 1]),
        Case("nonzero", Color, [0, 0, 0, 0, 1, 0], [0, 1]),
        Case("nonzero", ColorAlpha, [9, 9, 9, 0, 0, 0, 0, 255, 9, 9, 9, 1], [0, 0, 1]),
        Case("at-least-half", Gray, [0, 1, 127, 128, 255], [0, 0, 0, 1, 1]),
        Case("at-least-half", Color, [128, 0, 0, 0, 0, 255, 9, 9, 9], [1, 1, 0]),
        Case("at-least-half", GrayAlpha, [255, 0, 255, 127, 255, 128], [0, 0, 1]),
        Case("1", Gray, [0, 1, 255], [0, 1, 0]),
        Case("1, 2", Gray, [0, 1, 2, 255], [0, 1, 1, 0]),
        Case("0", Gray, [0, 255], [1, 0]),
        Case("100,200", Gray, [0, 100, 200], [0, 1, 1]),
        Case("#FF0000", Color, [255, 255, 255, 255, 0, 0, 0, 255, 0], [0, 1, 0]),
        Case("#ff0000,#00ff00", Color, [255, 255, 255, 255, 0, 0, 0, 255, 0], [0, 1, 1]),
        Case("255", Color, [255, 255, 255, 255, 0, 0], [1, 0]),
        Case("255", GrayAlpha, [10, 0, 10, 90, 10, 255], [0, 0, 1]),
        Case("#000000FF", ColorAlpha, [255, 255, 255, 0, 0, 0, 0, 255], [0, 1]),
        Case("#FFFFFF00", ColorAlpha, [255, 255, 255, 0, 0, 0, 0, 255], [1, 0]),
    ];

    [TestCaseSource(nameof(Clear))]
    public void Mask_without_doubt_is_read(int colorType, int bits, int width, byte[] row, byte[]? palette, byte[]? transparency, byte[] expected)
    {
        var path = Write(colorType, bits, width, row, palette, transparency);

        Assert.That(MaskFile.Read(path).Values, Is.EqualTo(expected));
    }

    [TestCaseSource(nameof(Doubtful))]
    public void Mask_with_a_doubt_is_refused_with_its_values_and_their_shares(int colorType, int bits, int width, byte[] row, byte[]? palette, string[] named)
    {
        var path = Write(colorType, bits, width, row, palette);

        var refusal = Assert.Throws<InvalidDataException>(() => MaskFile.Read(path))!.Message;

        Assert.That(
            named.Append(path).Append("ForegroundValues (--foreground): nonzero, at-least-half").Where(part => !refusal.Contains(part)),
            Is.Empty,
            refusal);
    }

    [TestCaseSource(nameof(Told))]
    public void Mask_is_read_as_told(string foreground, int colorType, int width, byte[] row, byte[] expected)
    {
        var path = Write(colorType, 8, width, row);

        var mask = MaskFile.Read(path, new ReadingOptions { ForegroundValues = ForegroundValues.Parse(foreground) });

        Assert.That(mask.Values, Is.EqualTo(expected));
    }

    [Test]
    public void Refusal_is_a_sentence_that_says_what_to_do()
    {
        var path = Write(Gray, 8, 4, [0, 0, 1, 1]);

        Assert.That(
            () => MaskFile.Read(path),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"Mask '{path}' holds the values 0 (50.0 %), 1 (50.0 %). Expected is 0 for background beside one value above 127 for foreground; name "
                + "the foreground with ForegroundValues (--foreground): nonzero, at-least-half, or a list of values such as 1; "
                + "or several classes with Classes (--classes), such as core=1,rim=2."));
    }

    [Test]
    public void A_mask_with_soft_edges_is_told_what_takes_them_and_not_one_of_its_many_values()
    {
        var path = Write(Gray, 8, 8, [0, 0, 30, 90, 150, 210, 250, 255]);

        Assert.That(
            () => MaskFile.Read(path),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(
                "nonzero, at-least-half as for soft edges and the noise of JPEG, or a list of values; or several classes"));
    }

    [TestCase("q_la", "c0_r1", 113)]
    [TestCase("q_la", "c1_r1", 81)]
    [TestCase("q_rgba_white", "c0_r1", 113)]
    [TestCase("q_rgba_white", "c1_r1", 49)]
    [TestCase("q_rgba_black", "c0_r1", 49)]
    [TestCase("q_rgba_black", "c1_r2", 113)]
    [TestCase("q_pal_trns", "c0_r1", 113)]
    [TestCase("q_pal_trns", "c1_r2", 149)]
    public void Label_in_alpha_is_the_disc(string folder, string mask, int pixels) =>
        Assert.That(MaskFile.Read(CaseFile("mask_in_alpha", folder, mask)).Values.Count(value => value != 0), Is.EqualTo(pixels));

    [TestCase("q_v01_255", "0 (83.0 %), 1 (12.2 %), 255 (4.8 %)", "1", 125)]
    [TestCase("q_100_200", "0 (85.4 %), 100 (13.3 %), 200 (1.3 %)", "100,200", 149)]
    [TestCase("q_pal_lightbg", "220 (92.1 %), #FF0000 (7.9 %)", "#FF0000", 81)]
    [TestCase("q_pal_dark_second", "0 ", "#400000", null)]
    public void Several_values_are_refused_until_the_foreground_is_named(string folder, string named, string foreground, int? pixels)
    {
        var path = CaseFile("mask_several_values", folder, "c0_r1");

        Assert.That(() => MaskFile.Read(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(named).And.Message.Contains(path));
        var mask = MaskFile.Read(path, new ReadingOptions { ForegroundValues = ForegroundValues.Parse(foreground) });
        Assert.That(mask.Values.Count(value => value != 0), pixels is null ? Is.GreaterThan(0) : Is.EqualTo(pixels));
    }

    private static string CaseFile(string name, string folder, string mask) =>
        Path.Combine(TestContext.CurrentContext.TestDirectory, "Cases", name, folder, "masks", mask + ".png");

    private static TestCaseData Case(
        string name, int colorType, int bits, byte[] row, byte[] expected, byte[]? palette = null, byte[]? transparency = null, int? width = null) =>
        new TestCaseData(colorType, bits, width ?? Width(colorType, bits, row), row, palette, transparency, expected).SetArgDisplayNames(name);

    private static TestCaseData Case(string name, int colorType, int bits, byte[] row, params object[] named) =>
        new TestCaseData(
            colorType, bits, Width(colorType, bits, row), row, named.OfType<byte[]>().SingleOrDefault(), named.OfType<string>().ToArray())
            .SetArgDisplayNames(name);

    private static TestCaseData Case(string foreground, int colorType, byte[] row, byte[] expected) =>
        new(foreground, colorType, Width(colorType, 8, row), row, expected);

    private static int Width(int colorType, int bits, byte[] row) =>
        row.Length * 8 / (bits * colorType switch { Color => 3, GrayAlpha => 2, ColorAlpha => 4, _ => 1 });

    private string Write(int colorType, int bits, int width, byte[] row, byte[]? palette = null, byte[]? transparency = null)
    {
        var path = Folder.Combine("mask.png");
        RawPng.Write(path, width, bits, colorType, [row], palette, transparency);
        return path;
    }
}
