using System.Collections.Concurrent;
using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class CrossValidateTests
{
    private const int Subjects = 7;

    private readonly AmbiguousSegmentationCatalog _segmentation = TinyData.Context(seed: 3).AmbiguousSegmentation();
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase(2)]
    [TestCase(5)]
    [TestCase(Subjects)]
    public void NoSubject_IsInBothPartsOfAFold(int numberOfFolds)
    {
        var estimator = new RecordingEstimator(() => TinyData.Shared);

        var results = _segmentation.CrossValidate(View(Rows()), estimator, numberOfFolds);

        var heldOut = results.Select(result => result.ScoredHoldOutSet.GetColumn<string>("Subject").ToArray()).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(results.Select(result => result.Fold), Is.EqualTo(Enumerable.Range(0, numberOfFolds)));
            Assert.That(heldOut.SelectMany(subjects => subjects), Is.EquivalentTo(Rows().Select(row => row.Subject)), "each row is held out once");
            foreach (var (train, test) in estimator.Calls.Zip(heldOut))
            {
                Assert.That(train.Select(row => row.Subject).Intersect(test), Is.Empty);
                Assert.That(train.Length + test.Length, Is.EqualTo(Rows().Count()));
            }
        });
    }

    [Test]
    public void ReorderedRows_GiveTheSameFolds() => Assert.That(HeldOut(Rows().Reverse().OrderBy(row => row.Image[0])), Is.EqualTo(HeldOut(Rows())));

    [Test]
    public void RepeatedRows_GiveTheSameFolds() => Assert.That(HeldOut(Rows().Concat(Rows().Take(5))), Is.EqualTo(HeldOut(Rows())));

    [Test]
    public void AnotherSeed_GivesOtherFolds()
    {
        Assert.That(HeldOut(Rows(), seed: 4), Is.Not.EqualTo(HeldOut(Rows())));
        Assert.That(HeldOut(Rows(), seed: 3), Is.EqualTo(HeldOut(Rows())), "the seed of the context");
    }

    [Test]
    public void FoldColumn_Wins()
    {
        var rows = FoldRows(subject => 10 - (subject % 3));
        var estimator = new RecordingEstimator(() => TinyData.Shared);

        var results = _segmentation.CrossValidate(View(rows), estimator, numberOfFolds: 5);

        Assert.That(results.Select(result => result.Fold), Is.EqualTo((int[])[8, 9, 10]));
        Assert.That(
            results.Select(result => result.ScoredHoldOutSet.GetColumn<string>("Subject").Distinct()),
            Is.EqualTo((string[][])[["patient 2", "patient 5"], ["patient 1", "patient 4"], ["patient 0", "patient 3", "patient 6"]]));
        Assert.That(
            estimator.Calls.Zip(results, (train, result) => train.Select(row => row.Subject).Intersect(result.ScoredHoldOutSet.GetColumn<string>("Subject"))),
            Has.All.Empty);
    }

    [Test]
    public void FoldColumn_MayHaveAnotherName()
    {
        var data = TinyData.Context().Transforms.CopyColumns("Part", "Fold").Append(TinyData.Context().Transforms.DropColumns("Fold"))
            .Fit(View(FoldRows(subject => subject % 2))).Transform(View(FoldRows(subject => subject % 2)));

        var results = _segmentation.CrossValidate(data, new RecordingEstimator(() => TinyData.Shared), foldColumnName: "Part");

        Assert.That(results, Has.Count.EqualTo(2));
    }

    [Test]
    public void LabeledFraction_IsAShareOfTheTrainingSubjects()
    {
        var all = Enumerable.Range(0, 12).SelectMany(subject => Rows(subject));
        var estimator = new RecordingEstimator(() => TinyData.Shared);

        var results = _segmentation.CrossValidate(View(all), estimator, numberOfFolds: 3, labeledFraction: 0.25);

        Assert.Multiple(() =>
        {
            foreach (var (train, result) in estimator.Calls.Zip(results))
            {
                var labeled = train.Where(row => row.IsLabeled).Select(row => row.Subject).ToHashSet();
                Assert.That(labeled, Has.Count.EqualTo(2), "a quarter of eight subjects");
                Assert.That(train.Where(row => labeled.Contains(row.Subject)), Has.All.Matches<(string, bool IsLabeled)>(row => row.IsLabeled));
                Assert.That(result.Metrics.Images, Is.EqualTo(8), "the held-out subjects keep theirs");
            }
        });
    }

    [Test]
    public void OneFold_IsTheSameAloneAsAmongTheOthers()
    {
        var all = _segmentation.CrossValidate(View(Rows()), new RecordingEstimator(() => TinyData.Shared), numberOfFolds: 3);

        var alone = _segmentation.CrossValidate(View(Rows()), new RecordingEstimator(() => TinyData.Shared), numberOfFolds: 3, fold: 1);

        Assert.That(alone.Select(result => result.Fold), Is.EqualTo((int[])[1]));
        Assert.That(
            alone[0].ScoredHoldOutSet.GetColumn<string>("Subject"), Is.EqualTo(all[1].ScoredHoldOutSet.GetColumn<string>("Subject")));
    }

    [Test]
    public void FoldThatIsNotThere_IsRefusedBeforeTraining()
    {
        var estimator = new RecordingEstimator(() => TinyData.Shared);

        Assert.That(
            () => _segmentation.CrossValidate(View(Rows()), estimator, numberOfFolds: 3, fold: 3),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Fold 3 is asked for; the data has the folds 0, 1, 2."));
        Assert.That(estimator.Calls, Is.Empty);
    }

    [TestCase(0)]
    [TestCase(1.5)]
    public void LabeledFractionOutOfRange_IsRefusedBeforeTraining(double fraction)
    {
        var estimator = new RecordingEstimator(() => TinyData.Shared);

        Assert.That(
            () => _segmentation.CrossValidate(View(Rows()), estimator, labeledFraction: fraction),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith($"The fraction is {fraction}; it must lie above 0 and be at most 1."));
        Assert.That(estimator.Calls, Is.Empty);
    }

    [Test]
    public void EachFold_HasItsOwnModelAndTheMetricsOfItsHeldOutRows()
    {
        var results = _segmentation.CrossValidate(View(Rows()), TinyData.Estimator(), numberOfFolds: 2);

        Assert.Multiple(() =>
        {
            Assert.That(results[0].Model, Is.TypeOf<AmbiguousSegmentationTransformer>().And.Not.SameAs(results[1].Model));
            Assert.That(results.Sum(result => result.Metrics.Images), Is.EqualTo(2 * Subjects));
            foreach (var result in results)
            {
                Assert.That(result.Metrics.Ged, Is.EqualTo(_segmentation.Evaluate(result.ScoredHoldOutSet).Ged));
            }
        });
        Dispose(results);
    }

    [Test]
    public void ColumnsOfTheEstimator_AreEvaluated()
    {
        var results = _segmentation.CrossValidate(
            View(Rows()), TinyData.Estimator(columns: new SegmentationColumns { Masks = "Drawn" }), numberOfFolds: 2, labeledFraction: 0.5);

        Assert.That(results.Select(result => result.ScoredHoldOutSet.Schema.GetColumnOrNull("Drawn")), Has.None.Null);
        Dispose(results);
    }

    [Test]
    public void Chain_IsTrainedAsAWhole()
    {
        var context = TinyData.Context();
        var chain = context.Transforms.CopyColumns("Scan", "Image")
            .Append(context.Transforms.AmbiSSL(TinyData.Options, new SegmentationColumns { Image = "Scan" }));

        var results = _segmentation.CrossValidate(View(Rows()), chain, numberOfFolds: 2);

        Assert.That(results.Select(result => result.Metrics.Images), Has.All.GreaterThan(0));
        Dispose(results);
    }

    [Test]
    public void Folders_AreDividedByFold_AndFinishedFoldsAreNotTrainedAgain()
    {
        var reports = 0;
        var estimator = TinyData.Estimator(run: new RunOptions
        {
            CheckpointDirectory = Path.Combine(_folder, "checkpoints"),
            TensorBoardDirectory = Path.Combine(_folder, "logs"),
            Progress = new Listener(_ => reports++),
        });
        var first = _segmentation.CrossValidate(View(Rows()), estimator, numberOfFolds: 2);
        Assert.That(reports, Is.Not.Zero);
        reports = 0;

        var second = _segmentation.CrossValidate(View(Rows()), estimator, numberOfFolds: 2);

        Assert.Multiple(() =>
        {
            Assert.That(reports, Is.Zero);
            Assert.That(second.Select(result => result.Metrics.Ged), Is.EqualTo(first.Select(result => result.Metrics.Ged)));
            foreach (var kind in (string[])["checkpoints", "logs"])
            {
                Assert.That(
                    Directory.EnumerateDirectories(Path.Combine(_folder, kind)).Select(Path.GetFileName).Order(), Is.EqualTo((string[])["fold-0", "fold-1"]));
            }
        });
        Dispose(first);
        Dispose(second);
    }

    [Test]
    public void FoldsSideBySide_GiveTheSameBitsAsOneAfterTheOther()
    {
        var oneByOne = _segmentation.CrossValidate(View(Rows()), TinyData.Estimator(), numberOfFolds: 3, labeledFraction: 0.5);

        var sideBySide = _segmentation.CrossValidate(View(Rows()), TinyData.Estimator(), numberOfFolds: 3, labeledFraction: 0.5, parallel: 3);

        Assert.Multiple(() =>
        {
            Assert.That(sideBySide.Select(result => result.Fold), Is.EqualTo((int[])[0, 1, 2]));
            Assert.That(sideBySide.Select(Weights), Is.EqualTo(oneByOne.Select(Weights)));
            Assert.That(sideBySide.Select(result => result.Metrics.Ged), Is.EqualTo(oneByOne.Select(result => result.Metrics.Ged)));
        });
        Dispose(oneByOne);
        Dispose(sideBySide);
    }

    [Test]
    public void Progress_NamesTheFold([Values(1, 2)] int parallel)
    {
        var lines = new ConcurrentQueue<string>();
        var estimator = TinyData.Estimator(run: new RunOptions { Progress = new Listener(value => lines.Enqueue($"{value}")) });

        Dispose(_segmentation.CrossValidate(View(Rows()), estimator, numberOfFolds: 2, parallel: parallel));

        Assert.That(lines.Select(line => line.Split(": ")[0]).Distinct(), Is.EquivalentTo((string[])["fold 0", "fold 1"]));
    }

    [Test]
    public void TheFirstErrorInAFold_StopsTheOthers()
    {
        var run = new RunOptions { Progress = new Listener(value => _ = value.Fold == 1 ? throw new TimeoutException("too late") : value) };

        Assert.That(
            () => _segmentation.CrossValidate(View(Rows()), TinyData.Estimator(Endless, run: run), numberOfFolds: 3, parallel: 2),
            Throws.TypeOf<TimeoutException>().With.Message.EqualTo("too late"));
    }

    [Test]
    public void Cancellation_EndsAllFolds([Values(1, 2)] int parallel)
    {
        using var stop = new CancellationTokenSource();
        var run = new RunOptions { Progress = new Listener(_ => stop.Cancel()), CancellationToken = stop.Token };

        Assert.That(
            () => _segmentation.CrossValidate(View(Rows()), TinyData.Estimator(Endless, run: run), numberOfFolds: 3, parallel: parallel),
            Throws.InstanceOf<OperationCanceledException>()
                .With.Message.EqualTo("Training was canceled.").And.Property(nameof(OperationCanceledException.CancellationToken)).EqualTo(stop.Token));
    }

    [Test]
    public void NoFoldsAtATime_AreRefused() => Assert.That(
        () => _segmentation.CrossValidate(View(Rows()), TinyData.Estimator(), parallel: 0),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("parallel"));

    [Test]
    public void FailureInALaterFold_FreesTheModelsOfTheEarlierOnes()
    {
        var model = TinyData.OwnCopy();
        var calls = 0;
        var estimator = new RecordingEstimator(() => calls++ == 0 ? model : throw new TimeoutException());

        Assert.That(() => _segmentation.CrossValidate(View(Rows()), estimator, numberOfFolds: 2), Throws.InstanceOf<TimeoutException>());
        Assert.That(() => model.Transform(TinyData.View()), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void EarlyStopping_IsRefusedBeforeAnyRowIsRead()
    {
        var data = new CountingDataView(View(Rows()));
        var options = TinyData.Options with { Training = TinyData.Options.Training with { EarlyStoppingPatience = 3 } };

        Assert.That(
            () => _segmentation.CrossValidate(data, TinyData.Estimator(options)),
            Throws.ArgumentException.With.Message.EqualTo(
                "EarlyStoppingPatience is 3, but there is no validation set to tell improvement by; folds are trained to the last epoch: leave it null."));
        Assert.That(data.Cursors, Is.Zero);
    }

    [Test]
    public void FoldsThatNobodyNames_AreAsManyAsSplitsHave() => Assert.That(
        _segmentation.CrossValidate(View(Rows()), new RecordingEstimator(() => TinyData.Shared)), Has.Count.EqualTo(SubjectSplit.DefaultFolds));

    [Test]
    public void SubjectInTwoFolds_IsRefused()
    {
        var rows = FoldRows(subject => subject % 2);
        rows[5].Fold = 1;

        AssertRefused(
            View(rows),
            "Column 'Fold', row 5: subject 'patient 2' is in fold 1 and, in an earlier row, in fold 0; put all rows of a subject into one fold.");
    }

    [Test]
    public void RowWithoutAFold_IsRefused()
    {
        var rows = FoldRows(subject => subject % 2);
        rows[4].Fold = -1;

        AssertRefused(
            View(rows), "Column 'Fold', row 4 has no fold although others have; number the folds of all rows from 0, or of none.");
    }

    [Test]
    public void OneFold_IsRefused() => AssertRefused(
        View(FoldRows(_ => 0)),
        "All 7 subjects are in one fold; at least two are needed. Remove the column of folds to split by subject.");

    [Test]
    public void FoldColumnThatIsNoInt32_IsRefused() => Assert.That(
        () => _segmentation.CrossValidate(View(FoldRows(_ => 0)), TinyData.Estimator(), foldColumnName: "FoldText"),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Schema mismatch for fold column 'FoldText': expected Int32, got String"));

    [Test]
    public void MissingFoldColumn_IsRefused() => Assert.That(
        () => _segmentation.CrossValidate(View(Rows()), TinyData.Estimator(), foldColumnName: "Part"),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Could not find fold column 'Part'; "));

    [Test]
    public void MoreFoldsThanSubjects_AreRefused() => Assert.That(
        () => _segmentation.CrossValidate(View(Rows()), TinyData.Estimator(), numberOfFolds: Subjects + 1),
        Throws.ArgumentException.With.Message.StartsWith("There are 7 subjects; 8 folds need at least 8."));

    private static void AssertRefused(IDataView data, string message) => Assert.That(
        () => TinyData.Context().AmbiguousSegmentation().CrossValidate(data, TinyData.Estimator()),
        Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(message));

    private static void Dispose(IEnumerable<TrainCatalogBase.CrossValidationResult<AmbiguousSegmentationMetrics>> results)
    {
        foreach (var result in results)
        {
            ((IDisposable)result.Model).Dispose();
        }
    }

    /// <summary>Two images of each subject, annotated.</summary>
    private static IEnumerable<SubjectRow> Rows() => Enumerable.Range(0, Subjects).SelectMany(Rows);

    private static IEnumerable<SubjectRow> Rows(int subject) =>
        TinyData.Rows(2).Select((row, i) => new SubjectRow
        {
            Subject = $"patient {subject}", Image = TinyData.Image((2 * subject) + i), Annotations = row.Annotations,
        });

    private static FoldRow[] FoldRows(Func<int, int> fold) =>
    [
        .. Enumerable.Range(0, Subjects).SelectMany(subject => Rows(subject).Select(row => new FoldRow
        {
            Subject = row.Subject, Image = row.Image, Annotations = row.Annotations, Fold = fold(subject),
        })),
    ];

    private static IDataView View<T>(IEnumerable<T> rows)
        where T : class => TinyData.Context().Data.LoadFromEnumerable(rows);

    /// <summary>Who is held out in each fold.</summary>
    private string[][] HeldOut(IEnumerable<SubjectRow> rows, int? seed = null) =>
    [
        .. _segmentation.CrossValidate(View(rows), new RecordingEstimator(() => TinyData.Shared), numberOfFolds: 3, seed: seed)
            .Select(result => result.ScoredHoldOutSet.GetColumn<string>("Subject").Distinct().Order(StringComparer.Ordinal).ToArray()),
    ];

    private static AmbiSSLOptions Endless => TinyData.Options with { Epochs = 1_000_000 };

    private static byte[] Weights(TrainCatalogBase.CrossValidationResult<AmbiguousSegmentationMetrics> result)
    {
        using var stream = new MemoryStream();
        ((AmbiguousSegmentationTransformer)result.Model).Model.Save(stream);
        return stream.ToArray();
    }

    private sealed class Listener(Action<TrainingProgress> onReport) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => onReport(value);
    }
}
