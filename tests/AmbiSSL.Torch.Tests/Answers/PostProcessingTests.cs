using AmbiSSL.Torch.Answers;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Answers;

internal sealed class PostProcessingTests
{
    // A ring of 8 that closes across corners alone, one pixel, a gate of 5 that is open to the border, and a corner of 3.
    private static readonly string[] Drawn =
    [
        "..#......",
        ".#.#..#..",
        "#...#....",
        ".#.#.....",
        "..#......",
        ".........",
        ".###..##.",
        ".#.#..#..",
    ];

    [Test]
    public void Holes_are_filled_where_the_foreground_encloses_them()
    {
        string[] filled =
        [
            "..#......",
            ".###..#..",
            "#####....",
            ".###.....",
            "..#......",
            ".........",
            ".###..##.",
            ".#.#..#..",
        ];

        Assert.That(Apply(new PostProcessing { FillHoles = true }, Drawn), Is.EqualTo(filled));
    }

    [TestCase(1, 17)]
    [TestCase(2, 16)]
    [TestCase(4, 13)]
    [TestCase(6, 8)]
    [TestCase(9, 0)]
    public void Components_of_fewer_pixels_are_removed(int smallest, int left) =>
        Assert.That(Count(Apply(new PostProcessing { SmallestComponent = smallest }, Drawn)), Is.EqualTo(left));

    [TestCase(false, 8)]
    [TestCase(true, 13)]
    public void The_largest_component_stays_alone(bool fill, int left) =>
        Assert.That(Count(Apply(new PostProcessing { LargestComponentOnly = true, FillHoles = fill }, Drawn)), Is.EqualTo(left));

    [Test]
    public void Of_components_of_one_size_the_first_stays() =>
        Assert.That(Apply(new PostProcessing { LargestComponentOnly = true }, ["...##", "#....", "#...."]), Is.EqualTo((string[])["...##", ".....", "....."]));

    [Test]
    public void Holes_are_filled_before_small_components_are_counted() =>
        Assert.That(Count(Apply(new PostProcessing { FillHoles = true, SmallestComponent = 9 }, Drawn)), Is.EqualTo(13));

    [TestCase(false, "#####", "#...#", "#...#", "#####")]
    [TestCase(true, "#####", "#####", "#####", "#####")]
    public void A_hole_of_a_class_that_another_class_fills_stays_where_they_exclude_each_other(bool overlap, params string[] filled)
    {
        string[] outer = ["#####", "#...#", "#...#", "#####"];
        string[] inner = [".....", ".###.", ".###.", "....."];
        var planes = Bytes([.. outer, .. inner, .. outer, .. inner]);

        ToEach(new PostProcessing { FillHoles = true }, planes, new ImageSize(4, 5), overlap);

        Assert.That(planes, Is.EqualTo(Bytes([.. filled, .. inner, .. filled, .. inner])));
    }

    [Test]
    public void A_hole_of_a_class_is_filled_beside_another_class_in_it()
    {
        var planes = Bytes(["####", "#..#", "####", "....", ".#..", "...."]);

        ToEach(new PostProcessing { FillHoles = true, SmallestComponent = 2 }, planes, new ImageSize(3, 4), overlap: false);

        Assert.That(
            planes,
            Is.EqualTo(Bytes(["####", "#.##", "####", "....", "....", "...."])),
            "the core of one pixel is removed after the rim was filled beside it");
    }

    [Test]
    public void Each_class_has_what_is_done_to_it()
    {
        var planes = Bytes(["###.", "#.#.", "###.", "...#", "....", "...#"]);
        PostProcessing[] processing = [new() { FillHoles = true }, new() { LargestComponentOnly = true }];

        processing.ApplyToEach(planes, new ImageSize(3, 4), new MaskClasses(["rim", "core"]));

        Assert.That(planes, Is.EqualTo(Bytes(["###.", "###.", "###.", "...#", "....", "...."])));
        Assert.That(() => processing.ForClasses(new MaskClasses(["a", "b", "c"])), Throws.ArgumentException.With.Message.StartsWith(
            "There is post-processing of 2 classes, and the model tells a, b, c apart; give one for all of them or one for each."));
    }

    [Test]
    public void An_empty_mask_stays_empty() =>
        Assert.That(Count(Apply(new PostProcessing { FillHoles = true, SmallestComponent = 3, LargestComponentOnly = true }, ["...", "...", "..."])), Is.Zero);

    [Test]
    public void A_smallest_component_of_nothing_is_refused() => Assert.That(
        () => Apply(new PostProcessing { SmallestComponent = 0 }, Drawn), Throws.ArgumentException.With.Message.StartsWith("Option SmallestComponent is 0"));

    [Test]
    public void It_is_told_in_words()
    {
        Assert.That(PostProcessing.None.ToString(), Is.EqualTo("none"));
        Assert.That(
            new PostProcessing { FillHoles = true, SmallestComponent = 5, LargestComponentOnly = true }.ToString(),
            Is.EqualTo("holes filled, components of less than 5 pixels removed, largest component only"));
    }

    private static void ToEach(PostProcessing processing, byte[] planes, ImageSize size, bool overlap)
    {
        var classes = new MaskClasses(["rim", "core"], overlap);
        ((PostProcessing[])[processing]).ForClasses(classes).ApplyToEach(planes, size, classes);
    }

    private static string[] Apply(PostProcessing processing, string[] rows)
    {
        var mask = Bytes(rows);
        processing.Apply(mask, new ImageSize(rows.Length, rows[0].Length));
        return [.. mask.Chunk(rows[0].Length).Select(row => string.Concat(row.Select(value => value == 0 ? '.' : '#')))];
    }

    private static byte[] Bytes(string[] rows) => [.. string.Concat(rows).Select(pixel => pixel == '#' ? (byte)1 : (byte)0)];

    private static int Count(string[] rows) => string.Concat(rows).Count(pixel => pixel == '#');
}
