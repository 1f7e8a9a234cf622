using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;
using SkiaSharp;
using Tensorboard;

namespace AmbiSSL.Torch.Tests.Training;

internal sealed class TensorBoardTests : FolderFixture
{
    private const float Tolerance = 1e-6f;

    private static AmbiSSLOptions Options => TinyData.Options with { Epochs = 3 };

    private RunOptions Run => new() { TensorBoardDirectory = Folder.Path };

    [Test]
    public void Scalars_of_every_epoch_are_those_of_its_last_report()
    {
        var reports = new List<TrainingProgress>();
        TinyRun.Train(Options, Run with { Progress = new Reporter(p => reports.Add(p)) }, TinyRun.Validation);
        var epochs = reports.Where(report => report.IsEpochEnd).ToArray();

        var scalars = Values().Where(value => value.Value.ValueCase == Summary.Types.Value.ValueOneofCase.SimpleValue)
            .ToDictionary(value => (value.Value.Tag, value.Step), value => value.Value.SimpleValue);

        Assert.Multiple(() =>
        {
            foreach (var epoch in epochs)
            {
                Assert.That(scalars.Keys.Where(key => key.Step == epoch.Epoch).Select(key => key.Tag), Is.EquivalentTo(Tags(epoch)));
                foreach (var (name, loss) in epoch.Losses)
                {
                    Assert.That(scalars[($"loss/{name}", epoch.Epoch)], Is.EqualTo((float)loss), name);
                }

                Assert.That(
                    scalars[("learning_rate", epoch.Epoch)],
                    Is.EqualTo(0.5 * Options.Training.LearningRate * (1 + Math.Cos(Math.PI * (epoch.Epoch - 1) / Options.Epochs))).Within(Tolerance));
                Assert.That(scalars[("images_per_second", epoch.Epoch)], Is.EqualTo(epoch.ImagesPerSecond).Within(1e-4).Percent);
                if (epoch.Validation is { } scores)
                {
                    Assert.That(scalars[("validation/ged", epoch.Epoch)], Is.EqualTo(scores[Figure.Ged].Mean).Within(Tolerance));
                    Assert.That(scalars[("validation/dice_match", epoch.Epoch)], Is.EqualTo(scores[Figure.DiceMatch].Mean).Within(Tolerance));
                }
            }
        });
    }

    [Test]
    public void A_sheet_of_samples_follows_every_epoch_that_can_predict()
    {
        TinyRun.Train(Options, new RunOptions { TensorBoardDirectory = Folder.Combine("made", "here") });

        var pictures = Values().Where(value => value.Value.ValueCase == Summary.Types.Value.ValueOneofCase.Image).ToArray();

        Assert.That(pictures.Select(picture => (picture.Value.Tag, picture.Step)), Is.EqualTo(new[] { ("samples", 2L), ("samples", 3L) }));
        using var bitmap = SKBitmap.Decode(pictures[0].Value.Image.EncodedImageString.ToByteArray());

        // Four rows of image, experts, four samples, probability and uncertainty, 112 pixels each: 6 apart, groups 18, margins 18.
        Assert.That((bitmap.Width, bitmap.Height), Is.EqualTo(((8 * 112) + (5 * 6) + (2 * 18) + (2 * 18), (4 * 112) + (3 * 6) + (2 * 18))));
        Assert.That((pictures[0].Value.Image.Width, pictures[0].Value.Image.Height), Is.EqualTo((bitmap.Width, bitmap.Height)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Of_several_classes_the_sheet_has_a_probability_each(bool overlap)
    {
        var options = new SupervisedOptions { Backbone = Options.Backbone, Samples = 2, Epochs = 1, Seed = 3, Training = Options.Training };
        using var images = TinyData.Images(TinyData.Shape, new MaskClasses(["upper", "lower"], overlap));
        using var model = SegmentationTrainer.Fit(images, options, Run);

        var picture = Values().Single(value => value.Value.ValueCase == Summary.Types.Value.ValueOneofCase.Image).Value.Image;

        // Image, experts, two samples, two probabilities and uncertainty.
        Assert.That(picture.Width, Is.EqualTo((7 * 112) + (4 * 6) + (2 * 18) + (2 * 18)));
    }

    [Test]
    public void A_continued_run_has_every_epoch_once()
    {
        TinyRun.TrainInPieces(Options, Run with { CheckpointDirectory = Folder.Combine("checkpoint") });

        Assert.That(Values().Where(value => value.Value.Tag == "loss/total").Select(value => value.Step), Is.EqualTo((long[])[1, 2, 3]));
    }

    [Test]
    public void Watching_does_not_change_the_training() =>
        TinyRun.Train(Options, Run).AssertEquals(TinyRun.Train(Options));

    private static IEnumerable<string> Tags(TrainingProgress epoch) =>
    [
        "learning_rate",
        "images_per_second",
        .. epoch.Losses.Keys.Select(name => $"loss/{name}"),
        .. Figure.Usual.Where(figure => epoch.Validation is { } scores && double.IsFinite(scores[figure].Mean))
            .Select(figure => $"validation/{JsonNamingPolicy.SnakeCaseLower.ConvertName(figure.Name)}"),
    ];

    /// <summary>Every value in the event files of the folder, in the order of steps.</summary>
    private List<(long Step, Summary.Types.Value Value)> Values() =>
    [
        .. Directory.EnumerateFiles(Folder.Path, "events.out.tfevents.*", SearchOption.AllDirectories).SelectMany(Events)
            .Where(entry => entry.Summary is not null)
            .SelectMany(entry => entry.Summary.Value.Select(value => (entry.Step, value)))
            .OrderBy(value => value.Step),
    ];

    /// <summary>Reads TFRecords: length, its checksum, data, its checksum.</summary>
    private static IEnumerable<Event> Events(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var position = 0; position < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(position));
            AssertChecksum(bytes.AsSpan(position, 8), bytes.AsSpan(position + 8, 4));
            AssertChecksum(bytes.AsSpan(position + 12, length), bytes.AsSpan(position + 12 + length, 4));
            yield return Event.Parser.ParseFrom(bytes, position + 12, length);
            position += length + 16;
        }
    }

    private static void AssertChecksum(ReadOnlySpan<byte> data, ReadOnlySpan<byte> expected)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        Assert.That(BitOperations.RotateRight(~crc, 15) + 0xa282ead8, Is.EqualTo(BinaryPrimitives.ReadUInt32LittleEndian(expected)));
    }
}
