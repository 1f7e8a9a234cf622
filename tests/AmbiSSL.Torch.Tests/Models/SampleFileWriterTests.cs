using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Models;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Models;

internal sealed class SampleFileWriterTests : FolderFixture
{
    private static readonly ImageSize Size = new(5, 6);

    // A ring with a hole, and a pixel by itself: the first sample is as it is printed, the second lacks the ring's first row.
    private static readonly string[] Drawn = ["###...", "#.#...", "###..#", "......", "......"];

    [Test]
    public void Post_processing_is_done_to_each_mask_and_to_the_consensus()
    {
        Write(new PostProcessing { FillHoles = true, SmallestComponent = 2 });

        Assert.Multiple(() =>
        {
            Assert.That(Mask("s1.png"), Is.EqualTo((string[])["###...", "###...", "###...", "......", "......"]));
            Assert.That(Mask("s2.png"), Is.EqualTo((string[])["......", "#.#...", "###...", "......", "......"]));
            Assert.That(Mask("consensus.png"), Is.EqualTo((string[])["###...", "###...", "###...", "......", "......"]));
            Assert.That(ImagePixels.Load(At("probability.png")).ToFloats()[7], Is.EqualTo(0.1f).Within(1e-4), "the hole stays in the map");
            Assert.That(Directory.GetFiles(Folder.Path), Has.Length.EqualTo(5), "and nothing temporary");
        });
    }

    [Test]
    public void Without_it_masks_stay_as_they_were_drawn()
    {
        Write(PostProcessing.None);

        Assert.That(Mask("s1.png"), Is.EqualTo(Drawn));
    }

    private void Write(PostProcessing postProcessing)
    {
        var files = new SampleFiles([At("s1.png"), At("s2.png")], At("consensus.png"), At("probability.png"), At("uncertainty.png"));
        var answers = new AnswerSettings(MaskClasses.One) { PostProcessing = [postProcessing], ConsensusThreshold = 0.45 };
        using var writer = new SampleFileWriter(files, Size, answers);
        for (var row = 0; row < Size.Height; row++)
        {
            float[] first = [.. Drawn[row].Select(pixel => pixel == '#' ? 0.9f : 0.1f)];
            writer.Write([.. first, .. row == 0 ? Enumerable.Repeat(0.1f, Size.Width) : first]);
        }

        writer.Finish();
    }

    private string[] Mask(string name) =>
        [.. ImagePixels.Load(At(name)).ToFloats().Chunk(Size.Width).Select(row => string.Concat(row.Select(value => value == 1 ? '#' : '.')))];

    private string At(string name) => Path.Combine(Folder.Path, name);
}
