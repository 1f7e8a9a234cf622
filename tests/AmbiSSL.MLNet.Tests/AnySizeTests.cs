using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

/// <summary>Rows that each bring an image of a size of its own.</summary>
public sealed class AnySizeTests
{
    private static readonly AmbiSSLOptions Options = TinyData.Options with
    {
        Training = TinyData.Options.Training with { Windows = new WindowOptions { Size = new ImageSize(16, 16) } },
    };

    private static readonly Lazy<AmbiguousSegmentationTransformer> Model = new(() => TinyData.Estimator(Options).Fit(Data));

    private static IDataView Data => TinyData.Context().AmbiguousSegmentation().Load(new Images());

    [OneTimeTearDown]
    public void Free() => Model.Value.Dispose();

    [Test]
    public void Masks_HaveTheSizeOfTheirRow()
    {
        var scored = Model.Value.Transform(Data);

        Assert.Multiple(() =>
        {
            Assert.That(scored.GetColumn<int[]>("MasksSize"), Is.EqualTo(Images.Sizes.Select(size => (int[])[size.Height, size.Width])));
            Assert.That(scored.GetColumn<byte[]>("Masks").Select(masks => masks.Length), Is.EqualTo(Images.Sizes.Select(size => 3 * size.PixelCount)));
            Assert.That(scored.GetColumn<float[]>("Uncertainty").Select(map => map.Length), Is.EqualTo(Images.Sizes.Select(size => size.PixelCount)));
            Assert.That(((VectorDataViewType)scored.Schema["Masks"].Type).Dimensions, Is.EqualTo((int[])[3, 0, 0]));
        });
    }

    [Test]
    public void Masks_AreThoseOfTheModel_WhateverRowsAreBeside()
    {
        var (model, image) = (Model.Value.Model, new Images().Read(1));
        var masks = new byte[3 * image.Shape.PixelCount];
        model.SampleImage(model.ToInput(image.Pixels), image.Shape.Size, 3, masks, new float[image.Shape.PixelCount]);

        Assert.That(Model.Value.Transform(Data).GetColumn<byte[]>("Masks").ElementAt(1), Is.EqualTo(masks));
    }

    [Test]
    public void Evaluation_ReadsThem_AndAReportToo()
    {
        var segmentation = TinyData.Context().AmbiguousSegmentation();
        var scored = Model.Value.Transform(Data);
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.html");

        segmentation.SaveReport(path, [("any size", scored)]);
        File.Delete(path);

        Assert.That(segmentation.Evaluate(scored).Images, Is.EqualTo(3));
    }

    [Test]
    public void ARowWhoseMasksTakeTooMuch_IsRefused()
    {
        using var stream = new MemoryStream();
        Model.Value.Model.Save(stream);
        stream.Position = 0;
        using var model = new AmbiguousSegmentationTransformer(
            TinyData.Context(), SegmentationModel.Load(stream, "copy"), new SegmentationColumns { MaximumRowBytes = 1000 });

        Assert.That(
            () => model.Transform(Data).GetColumn<byte[]>("Masks").ToArray(),
            Throws.InvalidOperationException.With.Message.StartsWith(
                "Column 'Image': an image of 20x24 pixels with 3 samples takes 1440 bytes of masks in a row, "
                + "more than SegmentationColumns.MaximumRowBytes, 1000, allows;"));
    }

    [Test]
    public void APipeline_LearnsThem()
    {
        using var chain = TinyData.Estimator(Options).Append(TinyData.Context().Transforms.MeasureMasks()).Fit(Data);

        Assert.That(chain.Transform(Data).GetColumn<double[]>("AreaPixels").Count(), Is.EqualTo(4));
    }

    [Test]
    public void Rows_AreRankedByTheirOwnMasks()
    {
        var ranked = TinyData.Context().AmbiguousSegmentation().RankByDisagreement(Model.Value.Transform(Data));

        Assert.That(ranked.Select(image => image.Id), Is.EqualTo((string[])["image 3"]));
    }

    [Test]
    public void AnnotatorsMasks_AreEvaluated()
    {
        using var model = AnnotatorData.Trainers.Pionono(AnnotatorData.Pionono with { Epochs = 1, Training = Options.Training }).Fit(Data);

        var metrics = TinyData.Context().AmbiguousSegmentation().Evaluate(model.Transform(Data));

        Assert.That(metrics.AnnotatorDice["rank 1"].Count, Is.EqualTo(3));
    }

    [Test]
    public void SavedModel_KeepsTheNamesOfTheColumnsOfSizes()
    {
        var columns = new SegmentationColumns { ImageSize = "Extent", MasksSize = "MasksExtent", MaximumRowBytes = 1 << 20 };
        var ml = TinyData.Context();
        var renamed = ml.Transforms.CopyColumns("Extent", "ImageSize").Append(ml.Transforms.DropColumns("ImageSize")).Fit(Data).Transform(Data);
        using var model = TinyData.Estimator(Options, columns).Fit(renamed);
        using var file = new MemoryStream();
        ml.Model.Save(model, renamed.Schema, file);
        file.Position = 0;
        using var loaded = (AmbiguousSegmentationTransformer)TinyData.Context().Model.Load(file, out _);

        Assert.That(loaded.Columns, Is.EqualTo(model.Columns));
        Assert.That(
            loaded.Transform(renamed).GetColumn<int[]>("MasksExtent"), Is.EqualTo(Images.Sizes.Select(size => (int[])[size.Height, size.Width])));
    }

    [Test]
    public void VectorsOfNoKnownSize_NeedAColumnOfSizes()
    {
        var data = TinyData.Context().Transforms.DropColumns("ImageSize").Fit(Data).Transform(Data);

        Assert.That(
            () => Model.Value.Transform(data),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("'ImageSize'"));
    }

    /// <summary>Discs on noise, three of four outlined.</summary>
    private sealed class Images : ImageSource
    {
        public static ImageSize[] Sizes { get; } = [new(20, 24), new(12, 30), new(16, 16), new(33, 18)];

        public override ImageFormat Format { get; } = new(new ImageShape(1, 0, 0), PixelType.UInt8, new Preprocessing { AnySize = true });

        public override IReadOnlyList<ImageRecord> Records { get; } =
            [.. Sizes.Select((_, index) => new ImageRecord { Id = $"image {index}", Subject = $"subject {index}", Annotators = index < 3 ? [1, 2] : [] })];

        protected override AnnotatedImage ReadImage(int index)
        {
            var (size, random) = (Sizes[index], new Random(index));
            bool Inside(int pixel, int radius) =>
                Math.Pow((pixel / size.Width) - 7, 2) + Math.Pow((pixel % size.Width) - 8, 2) < radius * radius;
            byte[] Mask(int radius) => [.. Enumerable.Range(0, size.PixelCount).Select(pixel => (byte)(Inside(pixel, radius) ? 1 : 0))];
            byte[] pixels = [.. Enumerable.Range(0, size.PixelCount).Select(pixel => (byte)((Inside(pixel, 4) ? 180 : 40) + random.Next(30)))];
            return new AnnotatedImage(
                Records[index].Id, Records[index].Subject, new ImagePixels(new ImageShape(1, size.Height, size.Width), pixels),
                new MaskSet(size, index < 3 ? [.. Mask(3), .. Mask(5)] : []));
        }
    }
}
