using AmbiSSL.Cli.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Cli.Tests.Data;

internal sealed class DataSplitTests : CliFixture
{
    private static readonly ImageSource Source =
        new SyntheticLesions(new SyntheticLesionOptions { Images = 30, Height = 16, Width = 16, Annotators = 2, ImagesPerSubject = 2 });

    [Test]
    public void No_subject_is_in_training_and_test_data([Range(0, 4)] int fold)
    {
        var segmentation = new MLContext().AmbiguousSegmentation();
        var split = DataSplit.HoldOut(Source.Records, 5, fold, seed: 3);
        var labeled = LabeledSubjects.Choose("0.25", split, seed: 3);

        var train = split.TrainingData(segmentation, Source, labeled);
        var test = segmentation.FilterSubjects(segmentation.Load(Source), split.Test).GetColumn<string>("Subject").ToArray();

        var rows = train.GetColumn<string>("Subject").Zip(train.GetColumn<byte[]>("Annotations")).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(test.Distinct().Count(), Is.EqualTo(3));
            Assert.That(rows.Select(row => row.First).Intersect(test), Is.Empty);
            Assert.That(rows.Length + test.Length, Is.EqualTo(30));
            Assert.That(rows.Where(row => row.Second.Length > 0).Select(row => row.First).Distinct(), Is.EquivalentTo(labeled));
            Assert.That(labeled, Has.Count.EqualTo(3), "a quarter of 12 training subjects");
        });
    }

    [Test]
    public void Subjects_to_validate_on_are_labeled_and_neither_trained_nor_tested_on()
    {
        var segmentation = new MLContext().AmbiguousSegmentation();
        var before = DataSplit.HoldOut(Source.Records, 5, fold: 1, seed: 3);
        var labeled = LabeledSubjects.Choose("0.5", before, seed: 3);

        var split = before.Validate(Source.Records, labeled, 0.3, seed: 3);

        var train = split.TrainingData(segmentation, Source, labeled).GetColumn<string>("Subject").ToHashSet();
        var validation = split.ValidationData(segmentation, Source)!.GetColumn<string>("Subject").ToHashSet();
        Assert.Multiple(() =>
        {
            Assert.That(validation, Has.Count.EqualTo(2).And.SubsetOf(labeled), "a third of six labeled subjects");
            Assert.That(train, Is.EquivalentTo(before.Train.Except(validation)));
            Assert.That(split.Test, Is.EqualTo(before.Test));
        });
    }

    [Test]
    public void Subjects_without_masks_are_not_validated_on()
    {
        ImageRecord[] records = [.. Enumerable.Range(0, 20).Select(i => new ImageRecord { Id = $"{i}", Subject = $"s{i}", Annotators = i < 4 ? [1] : [] })];
        var all = DataSplit.All(records);

        Assert.That(all.Validate(records, all.Train, 0.5, seed: 1).Validation, Has.Count.EqualTo(2).And.SubsetOf(new[] { "s0", "s1", "s2", "s3" }));
    }

    [Test]
    public void Folds_that_the_data_set_names_win_and_tell_their_number()
    {
        ImageRecord[] records = [.. Enumerable.Range(0, 6).Select(i => new ImageRecord { Id = $"{i}", Subject = $"s{i}", Fold = i % 3 })];

        var split = DataSplit.HoldOut(records, folds: null, fold: 2, seed: 1);

        Assert.That(split.Test, Is.EquivalentTo(["s2", "s5"]));
        Assert.That(() => DataSplit.HoldOut(records, folds: null, fold: 3, seed: 1), Throws.TypeOf<UsageException>());
    }

    [Test]
    public void A_file_names_the_labeled_subjects()
    {
        File.WriteAllLines(At("labeled.txt"), ["subject_00001", "", "  subject_00004 "]);

        Assert.That(
            LabeledSubjects.Choose(At("labeled.txt"), DataSplit.All(Source.Records), seed: 1), Is.EquivalentTo(["subject_00001", "subject_00004"]));
    }

    [Test]
    public void An_unknown_subject_is_an_error_with_file_and_line()
    {
        File.WriteAllLines(At("labeled.txt"), ["subject_00001", "subject_99999"]);

        Assert.That(
            () => LabeledSubjects.Choose(At("labeled.txt"), DataSplit.All(Source.Records), seed: 1),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
                $"Line 2 of '{At("labeled.txt")}' names the subject 'subject_99999', whom the data set does not have; correct or remove the line."));
    }

    [Test]
    public void A_held_out_subject_cannot_be_labeled()
    {
        var split = DataSplit.HoldOut(Source.Records, 5, 0, seed: 3);
        File.WriteAllText(At("labeled.txt"), split.Test.First());

        Assert.That(
            () => LabeledSubjects.Choose(At("labeled.txt"), split, seed: 3),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("who is in the fold that is held out"));
    }

    [TestCase("0")]
    [TestCase("1.5")]
    [TestCase("nan")]
    [TestCase("nowhere.txt")]
    public void What_is_neither_a_share_nor_a_file_is_refused(string text) => Assert.That(
        () => LabeledSubjects.Choose(text, DataSplit.All(Source.Records), seed: 1),
        Throws.TypeOf<UsageException>().With.Message.StartsWith($"--labeled {text}: give a share above 0 up to 1"));
}
