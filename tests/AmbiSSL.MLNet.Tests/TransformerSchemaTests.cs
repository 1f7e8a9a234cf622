using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Tests;

public sealed class TransformerSchemaTests
{
    [Test]
    public void OutputColumns_HaveSizes()
    {
        var schema = TinyData.Shared.Transform(TinyData.View()).Schema;

        Assert.That(schema["Masks"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 3, 16, 16)));
        Assert.That(schema["Probability"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 16, 16)));
        Assert.That(schema["Uncertainty"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Single, 16, 16)));
        Assert.That(schema["Consensus"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 16, 16)));
        Assert.That(schema["Unlikeness"].Type, Is.EqualTo(NumberDataViewType.Double));
    }

    [Test]
    public void OutputColumns_TakeTheirNames()
    {
        using var model = TinyData.Estimator(
            columns: new SegmentationColumns { Masks = "A", Probability = "B", Uncertainty = "C", Consensus = "D", Unlikeness = "E" }).Fit(TinyData.View());

        Assert.That(
            model.GetOutputSchema(TinyData.View().Schema).Select(column => column.Name),
            Is.EqualTo((string[])["Id", "Image", "Annotations", "A", "B", "C", "D", "E"]));
    }

    [Test]
    public void Masks_AreZeroOrOne() => Assert.That(
        TinyData.Masks(TinyData.Shared.Transform(TinyData.View())).SelectMany(masks => masks), Is.All.AnyOf((byte)0, (byte)1));

    [Test]
    public void Consensus_IsWhereTheProbabilityIsAboveTheThreshold()
    {
        var scored = TinyData.Shared.WithConsensusThreshold(0.3).Transform(TinyData.View());

        Assert.That(
            scored.GetColumn<byte[]>("Consensus").SelectMany(values => values),
            Is.EqualTo(TinyData.Probability(scored).SelectMany(values => values).Select(p => p > 0.3 ? 1 : 0)));
    }

    [Test]
    public void Consensus_BecomesAnMLImageByConvertToImage()
    {
        var ml = new MLContext(1);
        var masks = TinyData.Shared.WithConsensusThreshold(0.3).Transform(TinyData.View());
        var convert = ml.Transforms.ConvertToImage(16, 16, "Mask", "Consensus", ImagePixelExtractingEstimator.ColorBits.Blue, scaleImage: 255);

        var drawn = convert.Fit(masks).Transform(masks);

        using var cursor = drawn.GetRowCursor(drawn.Schema);
        var (image, mask) = (default(MLImage)!, default(VBuffer<byte>));
        var (getImage, getMask) = (cursor.GetGetter<MLImage>(drawn.Schema["Mask"]), cursor.GetGetter<VBuffer<byte>>(drawn.Schema["Consensus"]));
        while (cursor.MoveNext())
        {
            getImage(ref image);
            getMask(ref mask);
            var blue = image.PixelFormat == MLPixelFormat.Bgra32 ? 0 : 2;
            Assert.That(Enumerable.Range(0, 256).Select(i => image.Pixels[(4 * i) + blue]), Is.EqualTo(mask.DenseValues().Select(value => 255 * value)));
        }
    }

    [Test]
    public void Outlines_AreColumnsOfModelsThatHaveThem()
    {
        var model = TinyData.Shared.WithOutlines(new ConformalOutlines(0.9, 0.4, 0.2));

        var scored = model.Transform(TinyData.View());

        var probability = TinyData.Probability(scored).SelectMany(values => values).ToArray();
        Assert.That(scored.Schema["Outer"].Type, Is.EqualTo(new VectorDataViewType(NumberDataViewType.Byte, 16, 16)));
        Assert.That(scored.GetColumn<byte[]>("Inner").SelectMany(values => values), Is.EqualTo(probability.Select(p => p > 0.4 ? 1 : 0)));
        Assert.That(scored.GetColumn<byte[]>("Outer").SelectMany(values => values), Is.EqualTo(probability.Select(p => p >= 0.2 ? 1 : 0)));
        Assert.That(TinyData.Shared.GetOutputSchema(TinyData.View().Schema).GetColumnOrNull("Inner"), Is.Null);
    }

    [Test]
    public void Uncertainty_IsTheEntropyOfTheProbabilityInBits()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());
        var probability = TinyData.Probability(scored).SelectMany(values => values);
        var expected = probability.Select(p => p is <= 0 or >= 1 ? 0 : -(p * Math.Log2(p) + (1 - p) * Math.Log2(1 - p)));

        Assert.That(scored.GetColumn<float[]>("Uncertainty").SelectMany(values => values), Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void AnnotationsColumn_IsNotNeeded()
    {
        var rows = TinyData.Rows().Select(row => new UnlabeledRow { Image = row.Image });
        var scored = TinyData.Shared.Transform(TinyData.Context().Data.LoadFromEnumerable(rows));

        Assert.That(TinyData.Masks(scored), Is.EqualTo(TinyData.Masks(TinyData.Shared.Transform(TinyData.View()))));
    }

    [Test]
    public void MissingImageColumn_IsNamed() => AssertRefused(
        TinyData.Context().Transforms.DropColumns("Image").Fit(TinyData.View()).Transform(TinyData.View()),
        "Could not find image column 'Image'; name the column of the images with SegmentationColumns.Image.");

    [Test]
    public void VectorOfAnotherSize_IsRefused() => AssertRefused(
        TinyData.View([], image: TinyData.ImageType(3, 8, 8)),
        "Schema mismatch for image column 'Image': expected Vector<Byte, UInt16 or Single, 3, 16, 16>, on which the model was trained, got "
        + "Vector<Single, 3, 8, 8>; resize the images to the model's size, or train on images of this size.");

    [Test]
    public void VectorOfUnknownSize_IsRefused() => AssertRefused(
        TinyData.View([], image: TinyData.ImageType(0)),
        "Schema mismatch for image column 'Image': expected Image or Vector<Byte, UInt16 or Single, C, H, W> of known size, got");

    [Test]
    public void PicturesOfAnotherKnownSize_AreRefused()
    {
        var schema = SchemaDefinition.Create(typeof(PictureRow));
        schema["Image"].ColumnType = new ImageDataViewType(12, 20);
        AssertRefused(
            TinyData.Context().Data.LoadFromEnumerable(Array.Empty<PictureRow>(), schema),
            "Schema mismatch for image column 'Image': expected images of 16x16 pixels, on which the model was trained, got 12x20; resize "
            + "with mlContext.Transforms.ResizeImages(column, imageWidth: 16, imageHeight: 16) before this transform.");
    }

    [Test]
    public void PictureOfAnotherSize_IsRefusedInItsRow()
    {
        var scored = TinyData.Shared.Transform(TinyData.Pictures(
            [.. TinyData.PictureRows(5), new PictureRow { Image = TinyData.BlankPicture(width: 20, height: 12) }]));

        Assert.That(
            () => TinyData.Masks(scored),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Column 'Image', row 5: the image is 12x20 pixels, but the model was trained on 16x16; resize with "
                + "mlContext.Transforms.ResizeImages(column, imageWidth: 16, imageHeight: 16) before this transform."));
    }

    [Test]
    public void PictureColumn_IsRefusedByAModelOfTwoChannels()
    {
        var rows = TinyData.Rows().Select(
            row => new VectorRow { Image = row.Image[..(2 * TinyData.Pixels)], Annotations = row.Annotations });
        using var model = TinyData.Estimator().Fit(TinyData.View(rows, image: TinyData.ImageType(2, 16, 16)));

        Assert.That(
            () => model.Transform(TinyData.Pictures([])),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "Schema mismatch for image column 'Image': expected Vector<Byte, UInt16 or Single, 2, 16, 16>, "
                + "got Image<16, 16>; give all 2 channels in a vector."));
    }

    [Test]
    public void PictureModel_TakesVectorsToo()
    {
        using var model = TinyData.Estimator(columns: new SegmentationColumns { ImageChannels = 1 })
            .Fit(TinyData.Pictures(TinyData.PictureRows()));
        var rows = TinyData.Rows().Select(row => new VectorRow { Image = row.Image[..TinyData.Pixels] });

        Assert.That(
            TinyData.Masks(model.Transform(TinyData.View(rows, image: TinyData.ImageType(1, 16, 16)))),
            Is.EqualTo(TinyData.Masks(model.Transform(TinyData.View(rows, image: TinyData.ImageType(16, 16))))));
    }

    [Test]
    public void InactiveColumn_IsRefused()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());
        using var cursor = scored.GetRowCursor([scored.Schema["Id"]]);

        Assert.That(
            () => cursor.GetGetter<VBuffer<byte>>(scored.Schema["Masks"]),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "Column 'Masks' is not active; name it when the cursor or row is made."));
    }

    [Test]
    public void GetterOfAnotherType_IsRefused()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());
        using var cursor = scored.GetRowCursor([scored.Schema["Masks"]]);

        Assert.That(
            () => cursor.GetGetter<VBuffer<float>>(scored.Schema["Masks"]),
            Throws.InvalidOperationException.With.Message.Contains("Column 'Masks' has values of type"));
    }

    [Test]
    public void GetterBeforeTheFirstRow_IsRefused()
    {
        var scored = TinyData.Shared.Transform(TinyData.View());
        using var cursor = scored.GetRowCursor([scored.Schema["Masks"]]);
        var getter = cursor.GetGetter<VBuffer<byte>>(scored.Schema["Masks"]);
        VBuffer<byte> value = default;

        Assert.That(
            () => getter(ref value),
            Throws.InvalidOperationException.With.Message.EqualTo(
                "There is no current row: the cursor is before the first one or past the last one."));
    }

    private static void AssertRefused(IDataView data, string message)
    {
        Assert.That(
            () => TinyData.Shared.Transform(data), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(message));
        Assert.That(
            () => TinyData.Shared.GetOutputSchema(data.Schema),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(message));
    }
}
