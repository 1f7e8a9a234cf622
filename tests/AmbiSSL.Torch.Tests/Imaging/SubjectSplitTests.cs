using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class SubjectSplitTests
{
    private static readonly string[] Subjects = [.. Enumerable.Range(0, 211).Select(number => $"LIDC-IDRI-{number:0000}")];

    // Every subject three times, in another order.
    private static readonly string[] Shuffled =
        [.. Subjects.Reverse().Concat(Subjects).Concat(Subjects.Where(subject => subject[^1] == '7'))];

    [Test]
    public void No_subject_is_on_both_sides_and_none_is_lost([Values(0, 1, -5)] int seed)
    {
        var split = SubjectSplit.TrainTest(Subjects, 0.25, seed);

        Assert.Multiple(() =>
        {
            Assert.That(split.Train.Intersect(split.Test), Is.Empty);
            Assert.That(split.Train.Union(split.Test), Is.EquivalentTo(Subjects));
        });
    }

    [Test]
    public void Test_part_is_the_share_to_within_one_subject([Values(0.01, 0.1, 0.25, 0.333, 0.5, 0.9, 0.999)] double fraction)
    {
        Assert.That(SubjectSplit.TrainTest(Subjects, fraction, 1).Test, Has.Count.EqualTo(fraction * Subjects.Length).Within(1.0));
    }

    [Test]
    public void Each_part_has_at_least_one_subject([Values(0.001, 0.999)] double fraction)
    {
        var split = SubjectSplit.TrainTest(["a", "b"], fraction, 1);

        Assert.Multiple(() =>
        {
            Assert.That(split.Train, Has.Count.EqualTo(1));
            Assert.That(split.Test, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void Order_and_number_of_rows_do_not_matter()
    {
        Assert.Multiple(() =>
        {
            Assert.That(SubjectSplit.TrainTest(Shuffled, 0.25, 7).Test, Is.EquivalentTo(SubjectSplit.TrainTest(Subjects, 0.25, 7).Test));
            Assert.That(SubjectSplit.KeepLabeled(Shuffled, 0.1, 7), Is.EquivalentTo(SubjectSplit.KeepLabeled(Subjects, 0.1, 7)));
            Assert.That(SubjectSplit.Folds(Shuffled, 4, 7), Is.EquivalentTo(SubjectSplit.Folds(Subjects, 4, 7)));
        });
    }

    [Test]
    public void Another_seed_gives_another_split()
    {
        Assert.That(SubjectSplit.TrainTest(Subjects, 0.25, 1).Test, Is.Not.EquivalentTo(SubjectSplit.TrainTest(Subjects, 0.25, 2).Test));
    }

    // The SHA-256 sums of 1:test:a to 1:test:d begin with 389d, e808, 1f82 and 43e7.
    [Test]
    public void Split_is_the_same_on_every_machine()
    {
        Assert.That(SubjectSplit.TrainTest(["a", "b", "c", "d"], 0.5, 1).Test, Is.EquivalentTo(new[] { "a", "c" }));
    }

    [Test]
    public void Folds_differ_by_at_most_one_subject([Values(2, 3, 4, 10)] int folds)
    {
        var sizes = SubjectSplit.Folds(Subjects, folds, 3).Values.CountBy(fold => fold).ToDictionary();

        Assert.Multiple(() =>
        {
            Assert.That(sizes.Keys, Is.EquivalentTo(Enumerable.Range(0, folds)));
            Assert.That(sizes.Values.Max() - sizes.Values.Min(), Is.LessThanOrEqualTo(1));
        });
    }

    [Test]
    public void Folds_of_the_data_set_win()
    {
        ImageRecord[] records = [Record("P1", 1), Record("P2", 0), Record("P1", 1)];

        Assert.That(SubjectSplit.Folds(records, 2, 3), Is.EquivalentTo(new Dictionary<string, int> { ["P1"] = 1, ["P2"] = 0 }));
    }

    [Test]
    public void The_numbers_that_the_data_set_names_are_its_folds()
    {
        ImageRecord[] records = [Record("P1", 9), Record("P2", 7)];

        Assert.That(SubjectSplit.Folds(records, null, 3), Is.EquivalentTo(new Dictionary<string, int> { ["P1"] = 9, ["P2"] = 7 }));
    }

    [Test]
    public void Without_any_number_there_are_four_folds() => Assert.That(
        SubjectSplit.Folds(Subjects.Select(subject => Record(subject, null)), null, 3), Is.EquivalentTo(SubjectSplit.Folds(Subjects, 4, 3)));

    [Test]
    public void Records_without_folds_are_folded_by_subject()
    {
        ImageRecord[] records = [Record("P1", null), Record("P2", null)];

        Assert.That(SubjectSplit.Folds(records, 2, 3), Is.EquivalentTo(SubjectSplit.Folds(["P1", "P2"], 2, 3)));
    }

    [Test]
    public void Faulty_folds_of_the_data_set_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => SubjectSplit.Folds([Record("P1", 1), Record("P2", null)], 2, 3),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("has no fold although others have"));
            Assert.That(
                () => SubjectSplit.Folds([Record("P1", 1), Record("P1", 0)], 2, 3),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("subject 'P1' is in fold 0 and, in an earlier row, in fold 1"));
            Assert.That(
                () => SubjectSplit.Folds([Record("P1", 1), Record("P2", 1)], null, 3),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("All 2 subjects are in one fold"));
            Assert.That(
                () => SubjectSplit.Folds([Record("P1", 1), Record("P2", 0)], 3, 3),
                Throws.ArgumentException.With.Message.Contains("names the folds 0, 1, but 3 folds are asked for"));
        });
    }

    [Test]
    public void Labeled_subjects_are_the_share_and_at_least_one([Values(0.001, 0.05, 0.1, 0.5, 1.0)] double fraction)
    {
        var kept = SubjectSplit.KeepLabeled(Subjects, fraction, 1);

        Assert.Multiple(() =>
        {
            Assert.That(kept, Has.Count.EqualTo(Math.Max(1, fraction * Subjects.Length)).Within(1.0));
            Assert.That(kept, Is.Not.Empty);
        });
    }

    [Test]
    public void Subjects_of_a_smaller_fraction_are_among_those_of_a_larger()
    {
        Assert.That(SubjectSplit.KeepLabeled(Subjects, 0.05, 1), Is.SubsetOf(SubjectSplit.KeepLabeled(Subjects, 0.1, 1)));
    }

    [Test]
    public void Impossible_splits_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => SubjectSplit.TrainTest(Subjects, 0, 1),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("between 0 and 1"));
            Assert.That(() => SubjectSplit.TrainTest(Subjects, double.NaN, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(
                () => SubjectSplit.TrainTest(["a", "a"], 0.5, 1),
                Throws.ArgumentException.With.Message.Contains("There are 1 subjects"));
            Assert.That(
                () => SubjectSplit.Folds(Subjects, 1, 1),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("at least 2"));
            Assert.That(
                () => SubjectSplit.Folds(["a", "b"], 3, 1),
                Throws.ArgumentException.With.Message.Contains("3 folds need at least 3"));
            Assert.That(() => SubjectSplit.KeepLabeled(Subjects, 1.1, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => SubjectSplit.KeepLabeled([], 0.5, 1), Throws.ArgumentException);
        });
    }

    private static ImageRecord Record(string subject, int? fold) =>
        new() { Id = Guid.NewGuid().ToString(), Subject = subject, Fold = fold };
}
