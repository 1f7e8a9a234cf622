using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class FitTests
{
    [Test]
    public void Training_StartsFromAModel()
    {
        var options = TinyData.Options with { Training = TinyData.Options.Training with { LearningRate = 1e-12 } };

        using var model = TinyData.Estimator(options).StartingFrom(TinyData.Shared).Fit(TinyData.Pictures(TinyData.PictureRows()));

        var data = TinyData.Pictures(TinyData.PictureRows());
        Assert.That(
            TinyData.Probability(model.Transform(data)).SelectMany(values => values),
            Is.EqualTo(TinyData.Probability(TinyData.Shared.Transform(data)).SelectMany(values => values)).Within(0.02));
    }

    [Test]
    public void Data_IsReadOnce_AndOnlyTheTwoColumns()
    {
        var data = new CountingDataView(TinyData.View());
        using var model = TinyData.Estimator().Fit(data);

        Assert.That(data.Cursors, Is.EqualTo(1));
        Assert.That(data.Rows, Is.EqualTo(6));
        Assert.That(data.LastColumns, Is.EqualTo((string[])["Image", "Annotations"]));
    }

    [Test]
    public void VectorColumn_TellsTheShape() => Assert.That(TinyData.Shared.Shape, Is.EqualTo(new ImageShape(3, 16, 16)));

    [Test]
    public void VectorColumnOfRankTwo_HasOneChannel()
    {
        var rows = TinyData.Rows().Select(row => new VectorRow { Image = row.Image[..TinyData.Pixels], Annotations = row.Annotations });
        using var model = TinyData.Estimator().Fit(TinyData.View(rows, image: TinyData.ImageType(16, 16)));

        Assert.That(model.Shape, Is.EqualTo(new ImageShape(1, 16, 16)));
    }

    [TestCase(3)]
    [TestCase(1)]
    public void PictureColumn_TakesSizeFromTheFirstRowAndChannelsFromTheSetting(int channels)
    {
        var columns = new SegmentationColumns { ImageChannels = channels };
        using var model = TinyData.Estimator(columns: columns).Fit(TinyData.Pictures(TinyData.PictureRows()));

        Assert.That(model.Shape, Is.EqualTo(new ImageShape(channels, 16, 16)));
        Assert.That(model.Columns.ImageChannels, Is.EqualTo(channels));
    }

    [Test]
    public void PicturesAndVectorsOfTheSameValues_TrainTheSameModel()
    {
        using var model = TinyData.Estimator().Fit(TinyData.Pictures(TinyData.PictureRows()));

        Assert.That(
            TinyData.Masks(model.Transform(TinyData.View())), Is.EqualTo(TinyData.Masks(TinyData.Shared.Transform(TinyData.View()))));
    }

    [Test]
    public void SparseVectors_TrainTheSameModelAsDenseOnes()
    {
        var dense = TinyData.Rows().Select(row => (Image: WithZeros(row.Image), row.Annotations)).ToArray();
        var sparse = dense.Select(row => new SparseRow { Image = Sparse(row.Image), Annotations = Sparse(row.Annotations) });
        using var denseModel = TinyData.Estimator().Fit(
            TinyData.View(dense.Select(row => new VectorRow { Image = row.Image, Annotations = row.Annotations })));
        using var sparseModel = TinyData.Estimator().Fit(TinyData.Context().Data.LoadFromEnumerable(sparse));

        Assert.That(
            TinyData.Masks(sparseModel.Transform(TinyData.View())), Is.EqualTo(TinyData.Masks(denseModel.Transform(TinyData.View()))));
    }

    [Test]
    public void AnnotationsOfKnownSize_AreAccepted()
    {
        var rows = TinyData.Rows().Where(row => row.Annotations.Length > 0)
            .Select(row => new VectorRow { Image = row.Image, Annotations = row.Annotations[..(2 * TinyData.Pixels)] });
        using var model = TinyData.Estimator().Fit(TinyData.View(rows, annotations: TinyData.AnnotationsType(2, 16, 16)));

        Assert.That(model.Model.Annotators, Is.EqualTo(2));
    }

    [Test]
    public void RaggedAnnotations_AreAccepted() => Assert.That(TinyData.Shared.Model.Annotators, Is.EqualTo(3));

    [Test]
    public void ValidationData_DecidesWhichEpochIsTaken()
    {
        var distances = new List<double>();
        var run = new RunOptions { Progress = new Listener(p => distances.Add(p.Validation![Figure.Ged].Mean)) };
        using var model = TinyData.Estimator(TinyData.Options with { Epochs = 3 }, run: run).Fit(TinyData.View(), TinyData.View(TinyData.Rows(12).Skip(6)));

        Assert.That(distances, Has.Count.EqualTo(3));
        Assert.That(model.Model.TrainedEpochs, Is.EqualTo(distances.IndexOf(distances.Min()) + 1));
        var metrics = TinyData.Context().AmbiguousSegmentation().Evaluate(model.Transform(TinyData.View(TinyData.Rows(12).Skip(6))));
        Assert.That(metrics.Ged, Is.EqualTo(distances.Min()));
    }

    [Test]
    public void ValidationDataWithoutRows_IsRefused() => AssertValidationRefused(
        TinyData.View([]),
        "The validation data has no rows; give at least one with an image in column 'Image' and masks in column 'Annotations'.");

    [Test]
    public void ValidationDataWithoutALabeledRow_IsRefused() => AssertValidationRefused(
        TinyData.View(TinyData.Rows().Select(row => new VectorRow { Image = row.Image })),
        "Column 'Annotations' is empty in all 6 rows; validation needs at least one image with masks.");

    [Test]
    public void ValidationPictureOfAnotherSize_IsRefused() => AssertValidationRefused(
        TinyData.Pictures([new PictureRow { Image = TinyData.BlankPicture(width: 20, height: 12) }]),
        "Column 'Image', row 0: the image is 12x20 pixels, but the training images are 16x16; resize with "
        + "mlContext.Transforms.ResizeImages(column, imageWidth: 16, imageHeight: 16) before this transform.");

    [Test]
    public void ValidationVectorsOfAnotherSize_AreRefused() => Assert.That(
        () => TinyData.Estimator().Fit(TinyData.View(), TinyData.View(TinyData.Rows(), image: TinyData.ImageType(1, 16, 48))),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Schema mismatch for image column 'Image': expected Vector<Byte, UInt16 or Single, 3, 16, 16>, on which the model was trained, got "));

    [Test]
    public void NoRows_AreRefused() => AssertRefused(
        TinyData.View([]),
        "The training data has no rows; give at least one with an image in column 'Image' and masks in column 'Annotations'.");

    [Test]
    public void NoLabeledRow_IsRefused() => AssertRefused(
        TinyData.View(TinyData.Rows().Select(row => new VectorRow { Image = row.Image })),
        "Column 'Annotations' is empty in all 6 rows; training needs at least one image with masks.");

    [Test]
    public void AnnotationsThatAreNoWholeNumberOfMasks_AreRefused() => AssertRefused(
        TinyData.View(Changed(4, row => row.Annotations = new byte[300])),
        "Column 'Annotations', row 4: 300 values are no whole number of masks of 16x16 = 256 pixels; give A·H·W values, one mask of the "
        + "image's size after the other, or none when the image is unlabeled.");

    [TestCase(float.NaN, "NaN")]
    [TestCase(float.PositiveInfinity, "Infinity")]
    public void PixelThatIsNoFiniteNumber_IsRefused(float value, string word) => AssertRefused(
        TinyData.View(Changed(2, row => row.Image[17] = value)),
        $"Column 'Image', row 2: pixel value 17 is {word}; replace values that are not finite numbers before this transform.");

    [Test]
    public void ImagesOfOnePixel_AreRefused() => AssertRefused(
        TinyData.View([new VectorRow { Image = [0, 0, 0], Annotations = [1] }], image: TinyData.ImageType(3, 1, 1)),
        "Column 'Image', row 0: the image is 1x1 pixels; give images of at least 8x8 pixels.");

    [Test]
    public void PictureOfAnotherSizeThanTheFirst_IsRefused() => AssertRefused(
        TinyData.Pictures([.. TinyData.PictureRows(3), new PictureRow { Image = TinyData.BlankPicture(width: 20, height: 12) }]),
        "Column 'Image', row 3: the image is 12x20 pixels, but the first row's is 16x16; resize with "
        + "mlContext.Transforms.ResizeImages(column, imageWidth: 16, imageHeight: 16) before this transform.");

    [TestCase(0)]
    [TestCase(3)]
    public void MissingPicture_IsRefused(int row) => AssertRefused(
        TinyData.Pictures([.. TinyData.PictureRows(row), new PictureRow()]),
        $"Column 'Image', row {row}: there is no image; leave out the rows that have none.");

    private static void AssertRefused(IDataView data, string message) => Assert.That(
        () => TinyData.Estimator().Fit(data), Throws.InvalidOperationException.With.Message.EqualTo(message));

    private static void AssertValidationRefused(IDataView data, string message) => Assert.That(
        () => TinyData.Estimator().Fit(TinyData.Pictures(TinyData.PictureRows()), data), Throws.InvalidOperationException.With.Message.EqualTo(message));

    private static VectorRow[] Changed(int row, Action<VectorRow> change)
    {
        var rows = TinyData.Rows().ToArray();
        change(rows[row]);
        return rows;
    }

    private static float[] WithZeros(float[] image) => [.. image.Select((value, i) => i % 3 == 0 ? value : 0)];

    private static VBuffer<T> Sparse<T>(T[] values)
        where T : struct
    {
        var indices = Enumerable.Range(0, values.Length).Where(i => !values[i].Equals(default(T))).ToArray();
        return new VBuffer<T>(values.Length, indices.Length, [.. indices.Select(i => values[i])], indices);
    }

    private sealed class Listener(Action<TrainingProgress> onEpoch) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.IsEpochEnd)
            {
                onEpoch(value);
            }
        }
    }
}
