using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using NUnit.Framework.Constraints;

namespace AmbiSSL.MLNet.Tests;

public sealed class PersistenceTests
{
    private string _folder = null!;

    private string ModelPath => Path.Combine(_folder, "model.zip");

    private string WeightsPath => Path.Combine(_folder, "model.safetensors");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ambissl-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void SavedModel_GivesTheSameInAnotherProcess()
    {
        var data = TinyData.View();
        SaveModel();
        var dataPath = Path.Combine(_folder, "data.idv");
        using (var stream = File.Create(dataPath))
        {
            TinyData.Context().Data.SaveAsBinary(data, stream);
        }

        Assert.That(AnotherProcess.Hashes(dataPath, ModelPath), Is.EqualTo((string[])[AnotherProcess.Hash(TinyData.Shared.Transform(data))]));
    }

    [Test]
    public void SavedModelThatKnowsItsAnnotators_GivesTheSameInAnotherProcess()
    {
        var data = TinyData.View();
        TinyData.Context().Model.Save(AnnotatorData.Shared, data.Schema, ModelPath);
        var dataPath = Path.Combine(_folder, "data.idv");
        using (var stream = File.Create(dataPath))
        {
            TinyData.Context().Data.SaveAsBinary(data, stream);
        }

        Assert.That(AnotherProcess.Hashes(dataPath, ModelPath), Is.EqualTo((string[])[AnotherProcess.Hash(AnnotatorData.Shared.Transform(data))]));
    }

    [Test]
    public void SavedModel_KeepsEverySetting()
    {
        var columns = new SegmentationColumns
        {
            Image = "Slice",
            Annotations = "Outlines",
            Readers = null,
            Ignored = null,
            Masks = "A",
            Probability = "B",
            Uncertainty = "C",
            AnnotatorMasks = "D",
            Unlikeness = "E",
            ImageChannels = 1,
        };
        var rows = TinyData.Context().Transforms.CopyColumns("Slice", "Image")
            .Append(TinyData.Context().Transforms.CopyColumns("Outlines", "Annotations"));
        var pictures = TinyData.Pictures(TinyData.PictureRows());
        var data = rows.Fit(pictures).Transform(pictures);
        using var trained = TinyData.Estimator(columns: columns).Fit(data);
        var mlContext = TinyData.Context();
        mlContext.Model.Save(trained.WithSamples(7).WithBatchSize(5), data.Schema, ModelPath);
        using var loaded = LoadModel();

        Assert.That(loaded.Columns, Is.EqualTo(columns));
        Assert.That((loaded.Samples, loaded.BatchSize, loaded.Shape), Is.EqualTo((7, 5, trained.Shape)));
        Assert.That(loaded.Options.Seed, Is.EqualTo(TinyData.Options.Seed));
    }

    [Test]
    public void SavedChain_LoadsWithItsInputSchema()
    {
        var mlContext = TinyData.Context();
        var pipeline = mlContext.Transforms.AmbiSSL(TinyData.Options).Append(mlContext.Transforms.CopyColumns("Doubt", "Uncertainty"));
        using var chain = pipeline.Fit(TinyData.View());
        mlContext.Model.Save(chain, TinyData.View().Schema, ModelPath);
        using var loaded = (TransformerChain<ITransformer>)TinyData.Context().Model.Load(ModelPath, out var schema);

        Assert.That(schema["Image"].Type, Is.EqualTo(TinyData.ImageType(3, 16, 16)));
        Assert.That(
            loaded.Transform(TinyData.View()).GetColumn<float[]>("Doubt"),
            Is.EqualTo(chain.Transform(TinyData.View()).GetColumn<float[]>("Doubt")));
    }

    [Test]
    public void ModelFile_HasTheWeightsAsOneEntry()
    {
        SaveModel();
        using var zip = ZipFile.OpenRead(ModelPath);
        var entry = zip.Entries.Single(e => e.Name == "Model.safetensors");
        using var expected = new MemoryStream();
        TinyData.Shared.Model.Save(expected);

        Assert.That(entry.Length, Is.EqualTo(expected.Length));
    }

    [Test]
    public void ModelFileCutShort_IsRefused([Values(0.3, 0.95)] double share)
    {
        SaveModel();
        var bytes = File.ReadAllBytes(ModelPath);
        File.WriteAllBytes(ModelPath, bytes[..(int)(bytes.Length * share)]);

        Assert.That(
            () => TinyData.Context().Model.Load(ModelPath, out _),
            Throws.TypeOf<FormatException>().With.Message.EqualTo("Failed to open a zip archive"));
        AssertRefused(" is no model file that can be read: End of Central Directory record could not be found. It may be cut short, damaged, of another "
            + "version or another kind of file; ");
    }

    [Test]
    public void ModelFileWhoseWeightsAreCutShort_IsRefused()
    {
        SaveModel();
        RewriteWeights(bytes => bytes[..(bytes.Length / 2)]);

        AssertDamaged(" (Model.safetensors) is no usable safetensors file: it ends ");
    }

    [Test]
    public void ModelFileWhoseWeightsUnpackToFarMore_IsRefusedBeforeTheyDo()
    {
        SaveModel();
        RewriteWeights(bytes => [.. bytes, .. new byte[200 << 20]]);
        var before = GC.GetTotalAllocatedBytes();

        AssertDamaged(" (Model.safetensors) is no usable safetensors file: it goes on after its last tensor");
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(50 << 20));
    }

    [Test]
    public void ModelFileWithoutWeights_IsRefused()
    {
        SaveModel();
        RewriteWeights(_ => null);

        AssertDamaged(" is damaged: it has no entry 'Model.safetensors'; save the model again.");
    }

    [Test]
    public void ModelFileWhoseColumnsWereChanged_IsRefused()
    {
        SaveModel();
        Rewrite("Model.key", bytes => Replace(bytes, "Masks", "Faces"));

        AssertDamaged(" is damaged, or of another build: its settings do not match their checksum.");
    }

    [Test]
    public void ModelFileOfALaterBuild_IsRefusedWithTheVersionThatWroteIt()
    {
        SaveModel();
        RewriteWeights(WrittenByAnother);
        Rewrite("Model.key", bytes => Replace(bytes, "Masks", "Faces"));

        Assert.That(
            () => TinyData.Context().AmbiguousSegmentation().LoadModel(ModelPath),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(
                $"{ModelPath} is damaged, or of another build: its settings do not match their checksum. It was written by AmbiSSL 9.8.7, and "
                    + "this is "));
    }

    [Test]
    public void ModelFileOfALaterFormat_IsRefusedWithTheVersionThatWroteIt()
    {
        SaveModel();
        RewriteWeights(WrittenByAnother);

        // Behind the model's signature stand the version in which it was written and the one that can read it.
        Rewrite("Model.key", bytes => [.. bytes[..VersionPlace(bytes)], 255, 0, 1, 0, 255, 0, 1, 0, .. bytes[(VersionPlace(bytes) + 8)..]]);

        Assert.That(
            () => TinyData.Context().AmbiguousSegmentation().LoadModel(ModelPath),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{ModelPath} is no model file that can be read: ")
                .And.Message.Contains(" It was written by AmbiSSL 9.8.7, and this is "));

        static int VersionPlace(byte[] bytes) => bytes.AsSpan().IndexOf("AMBISEGM"u8) + 8;
    }

    [Test]
    public void ModelFileWithAnEntryThatUnpacksToFarMore_IsRefusedBeforeItDoes()
    {
        SaveModel();
        Rewrite("Schema", _ => new byte[200 << 20]);
        var before = GC.GetTotalAllocatedBytes();

        AssertRefused(" is refused: its entry 'Schema' of ");
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(10 << 20));
    }

    [Test]
    public void ModelFileWithoutASegmentationModel_IsRefused()
    {
        var context = TinyData.Context();
        var copied = context.Transforms.CopyColumns("Copy", "Image").Fit(TinyData.View());
        context.Model.Save(copied, TinyData.View().Schema, ModelPath);

        AssertRefused(" holds no segmentation model of this package; ");
    }

    [Test]
    public void Weights_GiveTheSame()
    {
        TinyData.Shared.SaveWeights(WeightsPath);
        using var loaded = TinyData.Context().AmbiguousSegmentation().LoadWeights(WeightsPath);

        Assert.That(
            AnotherProcess.Hash(loaded.Transform(TinyData.View())),
            Is.EqualTo(AnotherProcess.Hash(TinyData.Shared.Transform(TinyData.View()))));
    }

    [Test]
    public void Weights_LoadThroughTheTaskCatalogUnderOtherNames()
    {
        TinyData.Shared.SaveWeights(WeightsPath);
        var columns = new SegmentationColumns { Masks = "Lesions" };
        using var loaded = TinyData.Context().AmbiguousSegmentation().LoadWeights(WeightsPath, columns);

        Assert.That(
            loaded.Transform(TinyData.View()).GetColumn<byte[]>("Lesions"),
            Is.EqualTo(TinyData.Masks(TinyData.Shared.Transform(TinyData.View()))));
    }

    [Test]
    public void LoadModel_GivesWhatMlNetsOwnLoaderGives()
    {
        SaveModel();
        using var loaded = (IDisposable)TinyData.Context().AmbiguousSegmentation().LoadModel(ModelPath, out var schema, ComputeDevice.Cpu);

        Assert.That(
            AnotherProcess.Hash(((ITransformer)loaded).Transform(TinyData.View())),
            Is.EqualTo(AnotherProcess.Hash(TinyData.Shared.Transform(TinyData.View()))));
        Assert.That(schema.Select(column => column.Name), Is.EqualTo(TinyData.View().Schema.Select(column => column.Name)));
    }

    [Test]
    public void LoadModel_DoesNotReadTheSchemaUnasked()
    {
        SaveModel();
        Rewrite("Schema", _ => [1, 2, 3]);
        var seg = TinyData.Context().AmbiguousSegmentation();
        using var loaded = (IDisposable)seg.LoadModel(ModelPath);

        Assert.That(
            () => seg.LoadModel(ModelPath, out _),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"{ModelPath} is no model file that can be read: "));
    }

    [Test]
    public void LoadModel_NamesAFileThatIsNotThere() => Assert.That(
        () => TinyData.Context().AmbiguousSegmentation().LoadModel(ModelPath, out _),
        Throws.TypeOf<FileNotFoundException>().With.Message.EqualTo($"Model file '{ModelPath}' does not exist."));

    [Test]
    public void DeviceThatIsNotThere_IsRefusedByEveryWayToLoad()
    {
        SaveModel();
        TinyData.Shared.SaveWeights(WeightsPath);
        var seg = TinyData.Context().AmbiguousSegmentation();

        Assert.That(() => seg.LoadModel(ModelPath, out _, ComputeDevice.Cuda(99)), ThrowsNoDevice);
        Assert.That(() => seg.LoadWeights(WeightsPath, device: ComputeDevice.Cuda(99)), ThrowsNoDevice);
    }

    [Test]
    public void DeviceOfTheMLContext_IsThatOfModelsItLoadsAndTrains()
    {
        SaveModel();
        var strict = new MLContext { GpuDeviceId = 99, FallbackToCpu = false };

        Assert.That(Assert.Catch(() => strict.Model.Load(ModelPath, out _))?.ToString(), Does.Contain("Device cuda:99 was asked for, but libtorch sees"));
        Assert.That(() => strict.Transforms.AmbiSSL(TinyData.Options).Fit(TinyData.View()), ThrowsNoDevice);
    }

    [Test]
    public void DeviceOfTheMLContextThatIsNotThere_FallsBackWhereTheContextSaysSo()
    {
        SaveModel();
        var lenient = new MLContext { GpuDeviceId = 99, FallbackToCpu = true };
        using var loaded = (IDisposable)lenient.Model.Load(ModelPath, out _);

        Assert.That(TinyData.Masks(((ITransformer)loaded).Transform(TinyData.View())), Is.EqualTo(TinyData.Masks(TinyData.Shared.Transform(TinyData.View()))));
    }

    private static IResolveConstraint ThrowsNoDevice =>
        Throws.InvalidOperationException.With.Message.StartsWith("Device cuda:99 was asked for, but libtorch sees");

    private static void SaveTo(string path) => TinyData.Context().Model.Save(TinyData.Shared, TinyData.View().Schema, path);

    private static byte[] Replace(byte[] bytes, string from, string to)
    {
        var place = bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(from));
        Encoding.Unicode.GetBytes(to).CopyTo(bytes, place);
        return bytes;
    }

    private void SaveModel() => SaveTo(ModelPath);

    private AmbiguousSegmentationTransformer LoadModel() =>
        TinyData.Context().Model.Load(ModelPath, out _) switch
        {
            AmbiguousSegmentationTransformer model => model,
            TransformerChain<ITransformer> chain => (AmbiguousSegmentationTransformer)chain.Single(),
            var other => throw new AssertionException($"loaded a {other.GetType()}"),
        };

    private void RewriteWeights(Func<byte[], byte[]?> change) => Rewrite("Model.safetensors", change);

    // A header with another version, and its length before it.
    private static byte[] WrittenByAnother(byte[] weights)
    {
        var length = (int)BitConverter.ToInt64(weights);
        var header = Regex.Replace(Encoding.UTF8.GetString(weights, 8, length), "\"package\":\"[^\"]*\"", "\"package\":\"9.8.7\"");
        byte[] bytes = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. weights[(8 + length)..]];
    }

    private void Rewrite(string entryName, Func<byte[], byte[]?> change)
    {
        using var zip = ZipFile.Open(ModelPath, ZipArchiveMode.Update);
        var entry = zip.Entries.Single(e => e.Name == entryName && !e.FullName.StartsWith("TrainingInfo", StringComparison.Ordinal));
        using var content = new MemoryStream();
        using (var stream = entry.Open())
        {
            stream.CopyTo(content);
        }

        var name = entry.FullName;
        entry.Delete();
        if (change(content.ToArray()) is { } changed)
        {
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(changed);
        }
    }

    // ML.NET wraps what a loader throws, so the sentence is that of a cause.
    private void AssertDamaged(string problem)
    {
        Exception? exception = Assert.Catch(() => TinyData.Context().Model.Load(ModelPath, out _));
        while (exception is not null and not InvalidDataException)
        {
            exception = exception.InnerException;
        }

        Assert.That(exception?.Message, Does.StartWith("This model file" + problem));
        AssertRefused(problem);
    }

    private void AssertRefused(string problem) => Assert.That(
        () => TinyData.Context().AmbiguousSegmentation().LoadModel(ModelPath),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith(ModelPath + problem));
}
