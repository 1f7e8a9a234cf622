using System.Reflection;
using AmbiSSL.MLNet.Tests.Support;
using AmbiSSL.Torch.Tests.Methods;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Tests;

/// <summary>What every method keeps to behind ML.NET's interfaces.</summary>
public sealed class MethodContractTests
{
    private readonly Dictionary<string, string> _hashes = [];
    private readonly Dictionary<string, string> _hashesElsewhere = [];
    private string _folder = null!;

    [OneTimeSetUp]
    public void TrainSaveAndLoadElsewhere()
    {
        _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;
        var data = View();
        var dataPath = Path.Combine(_folder, "data.idv");
        using (var stream = File.Create(dataPath))
        {
            TinyData.Context().Data.SaveAsBinary(data, stream);
        }

        foreach (var word in RegisteredMethods.Words)
        {
            using var model = Estimator(Options(word)).Fit(data);
            TinyData.Context().Model.Save(model, data.Schema, ModelPath(word));
            _hashes[word] = AnotherProcess.Hash(model.Transform(data));
        }

        var hashes = AnotherProcess.Hashes(dataPath, [.. RegisteredMethods.Words.Select(ModelPath)]);
        foreach (var (i, word) in RegisteredMethods.Words.Index())
        {
            _hashesElsewhere[word] = hashes[Math.Min(i, hashes.Length - 1)];
        }
    }

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCaseSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
    public void SavedModel_GivesTheSameInAnotherProcess(string word) => Assert.That(_hashesElsewhere[word], Is.EqualTo(_hashes[word]));

    [TestCaseSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
    public void SavedModel_LoadsWithItsMethod(string word)
    {
        using var loaded = (IDisposable)TinyData.Context().Model.Load(ModelPath(word), out _);

        Assert.That(Transformer(loaded).Options.MethodName, Is.EqualTo(word));
    }

    [TestCaseSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
    public void TrainerWithoutOptions_TakesTheDefaultsOfTheMethod(string word)
    {
        var options = RegisteredMethods.Defaults(word);

        Assert.That(Trainer(options, null).Options, Is.TypeOf(options.GetType()));
    }

    [TestCaseSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
    public void NoLabeledRow_IsRefused(string word) => Assert.That(
        () => Estimator(Options(word)).Fit(TinyData.View(TinyData.Rows().Select(row => new VectorRow { Image = row.Image }))),
        Throws.InvalidOperationException.With.Message.EqualTo(
            "Column 'Annotations' is empty in all 6 rows; training needs at least one image with masks."));

    [TestCaseSource(typeof(RegisteredMethods), nameof(RegisteredMethods.Words))]
    public void OptionOutOfRange_IsRefusedWhenTheEstimatorIsMade(string word) => Assert.That(
        () => Estimator(Options(word) with { Training = Options(word).Training with { BatchSize = 3 } }),
        Throws.ArgumentException.With.Message.StartsWith("Option BatchSize is 3; it must be an even number of at least 2."));

    private static SegmentationOptions Options(string word) => RegisteredMethods.Options(word) with { Epochs = 5 };

    /// <summary>Labeled rows have two masks each, since methods that know their annotators ask for all masks of each.</summary>
    private static IDataView View() => TinyData.View(TinyData.Rows().Select(row => new VectorRow
    {
        Id = row.Id,
        Image = row.Image,
        Annotations = row.Annotations.Length == 0 ? [] : row.Annotations[..(2 * TinyData.Pixels)],
    }));

    private static AmbiguousSegmentationEstimator Estimator(SegmentationOptions options) => Trainer(options, options);

    /// <summary>Calls the method of the task catalog that takes such options.</summary>
    private static AmbiguousSegmentationEstimator Trainer(SegmentationOptions like, SegmentationOptions? options)
    {
        var trainer = typeof(AmbiguousSegmentationTrainers).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Single(method => method.GetParameters()[0].ParameterType == like.GetType());
        var trainers = TinyData.Context().AmbiguousSegmentation().Trainers;
        return (AmbiguousSegmentationEstimator)trainer.Invoke(trainers, BindingFlags.DoNotWrapExceptions, null, [options, null, null], null)!;
    }

    private static AmbiguousSegmentationTransformer Transformer(object loaded) => loaded switch
    {
        AmbiguousSegmentationTransformer model => model,
        IEnumerable<ITransformer> chain => (AmbiguousSegmentationTransformer)chain.Single(),
        var other => throw new AssertionException($"loaded a {other.GetType()}"),
    };

    private string ModelPath(string word) => Path.Combine(_folder, $"{word}.zip");
}
