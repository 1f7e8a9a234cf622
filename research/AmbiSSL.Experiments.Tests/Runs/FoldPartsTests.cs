using AmbiSSL.Experiments.Runs;

namespace AmbiSSL.Experiments.Tests.Runs;

[TestFixture]
public sealed class FoldPartsTests
{
    [Test]
    public void No_subject_is_in_two_parts([Values] bool hasFolds, [Values] bool validates)
    {
        var records = Records(hasFolds);
        var all = records.Select(record => record.Subject).ToHashSet();
        for (var seed = 0; seed < 100; seed++)
        {
            var tested = new List<string>();
            for (var fold = 0; fold < 4; fold++)
            {
                var parts = FoldParts.Of(records, Run(fold, seed, validates ? 0.25 : null));
                Assert.That(parts.Train.Intersect(parts.Evaluation), Is.Empty);
                Assert.That(parts.Labeled, Is.SubsetOf(parts.Train).And.Not.Empty);
                tested.AddRange(parts.Evaluation);
            }

            if (!validates)
            {
                Assert.That(tested, Is.EquivalentTo(all), "every subject is tested once");
            }
        }
    }

    [Test]
    public void Validation_subjects_are_neither_trained_on_nor_of_the_held_out_fold([Range(0, 3)] int fold)
    {
        var records = Records(hasFolds: true);
        for (var seed = 0; seed < 100; seed++)
        {
            var test = FoldParts.Of(records, Run(fold, seed, null)).Evaluation;
            var parts = FoldParts.Of(records, Run(fold, seed, 0.25));
            Assert.That(parts.Train.Concat(parts.Evaluation).Intersect(test), Is.Empty);
        }
    }

    [Test]
    public void Parts_do_not_depend_on_the_order_of_rows()
    {
        var records = Records(hasFolds: false);
        var parts = FoldParts.Of(records, Run(1, 3, 0.25));
        var reversed = FoldParts.Of([.. Enumerable.Reverse(records)], Run(1, 3, 0.25));

        Assert.That(reversed.Train, Is.EquivalentTo(parts.Train));
        Assert.That(reversed.Labeled, Is.EquivalentTo(parts.Labeled));
        Assert.That(reversed.Evaluation, Is.EquivalentTo(parts.Evaluation));
    }

    private static List<ImageRecord> Records(bool hasFolds) =>
    [
        .. Enumerable.Range(0, 40).Select(i => new ImageRecord { Id = $"i{i}", Subject = $"s{i % 20}", Fold = hasFolds ? i % 4 : null }),
    ];

    private static ExperimentRun Run(int fold, int seed, double? validation) => new()
    {
        Name = "ambissl",
        Options = new AmbiSSLOptions { Seed = seed },
        Labeled = 0.3,
        Folds = 4,
        Fold = fold,
        Validation = validation,
    };
}
