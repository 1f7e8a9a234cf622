using AmbiSSL.MLNet.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.MLNet.Tests;

public sealed class EstimatorSchemaTests
{
    [Test]
    public void OutputSchemaShape_AgreesWithTheOutputSchema()
    {
        var data = TinyData.View();
        var shape = TinyData.Estimator().GetOutputSchema(ShapeOf(data));
        var actual = ShapeOf(TinyData.Shared.Transform(data));

        Assert.That(Describe(shape), Is.EqualTo(Describe(actual)));
    }

    [TestCaseSource(typeof(AnnotatorData), nameof(AnnotatorData.Estimators))]
    public void OutputSchemaShape_AgreesWithTheOutputSchema_OfMethodsThatKnowTheirAnnotators(AmbiguousSegmentationEstimator estimator)
    {
        var data = TinyData.View();
        using var model = estimator.Fit(data);

        Assert.That(Describe(estimator.GetOutputSchema(ShapeOf(data))), Is.EqualTo(Describe(ShapeOf(model.Transform(data)))));
        Assert.That(Describe(ShapeOf(model.Transform(data))), Has.Some.StartsWith("AnnotatorMasks: Vector of Byte"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void OutputSchemaShape_AgreesWithTheOutputSchema_WhereImagesAreSeenThroughWindows(bool areOfOneSize)
    {
        var schema = SchemaDefinition.Create(typeof(SizedRow));
        schema["Image"].ColumnType = TinyData.ImageType(TinyData.Channels, 0, 0);
        var rows = TinyData.Rows().Select(row => new SizedRow { Image = row.Image, Annotations = row.Annotations });
        var data = areOfOneSize ? TinyData.View() : TinyData.Context().Data.LoadFromEnumerable(rows, schema);
        var estimator = TinyData.Estimator(TinyData.Options with
        {
            Training = TinyData.Options.Training with { Windows = new WindowOptions { Size = new ImageSize(8, 8) } },
        });
        using var model = estimator.Fit(data);

        Assert.That(Describe(estimator.GetOutputSchema(ShapeOf(data))), Is.EqualTo(Describe(ShapeOf(model.Transform(data)))));
    }

    [Test]
    public void OutputSchemaShape_ReplacesAColumnOfTheSameName()
    {
        var columns = new SegmentationColumns { Masks = "Annotations" };
        var shape = TinyData.Estimator(columns: columns).GetOutputSchema(ShapeOf(TinyData.View()));

        Assert.That(shape.Count(column => column.Name == "Annotations"), Is.EqualTo(1));
        Assert.That(shape.Single(column => column.Name == "Annotations").Kind, Is.EqualTo(SchemaShape.Column.VectorKind.Vector));
    }

    [Test]
    public void OutputSchemaShape_OfMeasurementsAgreesWithTheOutputSchema()
    {
        var ml = TinyData.Context();
        var scored = TinyData.Shared.Transform(ml.Data.LoadFromEnumerable([new SpacedRow { Image = TinyData.Image(0), Spacing = [0.5, 2] }]));
        var measure = ml.Transforms.MeasureMasks();

        Assert.That(Describe(measure.GetOutputSchema(ShapeOf(scored))), Is.EqualTo(Describe(ShapeOf(measure.Fit(scored).Transform(scored)))));
    }

    [Test]
    public void OutputSchemaShape_OfMeasurementsTellsTheClassesThatAreNamed() => Assert.That(
        TinyData.Context().Transforms.MeasureMasks(new SegmentationColumns { Classes = new MaskClasses(["core", "rim"]) })
            .GetOutputSchema(ShapeOf(TinyData.Shared.Transform(TinyData.View()))).Select(column => column.Name),
        Has.Member("AreaPixels of rim").And.No.Member("AreaPixels"));

    [Test]
    public void MeasurementsWithoutMasksBefore_AreRefused() => Assert.That(
        () => TinyData.Context().Transforms.MeasureMasks().GetOutputSchema(ShapeOf(TinyData.View())),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith("Could not find masks column 'Masks'; "));

    [Test]
    public void MissingImageColumn_IsNamed() => AssertRefused(
        new SegmentationColumns { Image = "Picture" },
        TinyData.View(),
        "Could not find image column 'Picture'; name the column of the images with SegmentationColumns.Image.");

    [Test]
    public void MissingAnnotationsColumn_IsNamed() => AssertRefused(
        new SegmentationColumns { Annotations = "Experts" },
        TinyData.View(),
        "Could not find annotations column 'Experts'; training needs the experts' masks: name their column with "
        + "SegmentationColumns.Annotations and leave the vectors of unlabeled images empty.");

    [Test]
    public void ImageColumnOfAnotherType_IsRefused() => AssertRefused(
        new SegmentationColumns { Image = "Id" },
        TinyData.View(),
        "Schema mismatch for image column 'Id': expected Image or Vector<Byte, UInt16 or Single, C, H, W> of known size, got");

    [Test]
    public void ImageVectorOfUnknownSize_IsRefused() => AssertRefused(
        new SegmentationColumns(),
        TinyData.View(TinyData.Rows(), image: TinyData.ImageType(0)),
        "Schema mismatch for image column 'Image': expected Image or Vector<Byte, UInt16 or Single, C, H, W> of known size, got");

    [Test]
    public void AnnotationsOfAnotherType_AreRefused() => AssertRefused(
        new SegmentationColumns { Annotations = "Image" },
        TinyData.View(),
        "Schema mismatch for annotations column 'Image': expected Vector<Byte> of A·H·W values, got");

    [Test]
    public void FlatImageVector_IsRefusedByFit() => Assert.That(
        () => TinyData.Estimator().Fit(TinyData.View(TinyData.Rows(), image: TinyData.ImageType(TinyData.Channels * TinyData.Pixels))),
        Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
            "Schema mismatch for image column 'Image': expected Image or Vector<Byte, UInt16 or Single, C, H, W> of known size, got Vector<Single, 768>; "
            + "load an MLImage, or convert to Byte, UInt16 or Single and give the size, as [VectorType(C, H, W)] does."));

    [Test]
    public void MasksOfAnotherSizeThanTheImages_AreRefusedByFit() => Assert.That(
        () => TinyData.Estimator().Fit(TinyData.View(
            TinyData.Rows().Select(row => new VectorRow { Image = row.Image, Annotations = new byte[2 * 64] }),
            annotations: TinyData.AnnotationsType(2, 8, 8))),
        Throws.InvalidOperationException.With.Message.StartsWith(
            "Column 'Annotations', row 0: the masks are 8x8 pixels, but the image is 16x16; resize masks and images alike, "));

    [Test]
    public void OptionOutOfRange_IsRefusedWhenTheEstimatorIsMade() => Assert.That(
        () => TinyData.Context().Transforms.AmbiSSL(new AmbiSSLOptions { Epochs = 0 }),
        Throws.ArgumentException.With.Message.StartsWith("Option Epochs is 0; it must be a number of at least 1."));

    [Test]
    public void NamedArgumentOutOfRange_IsRefusedWhenTheEstimatorIsMade() => Assert.That(
        () => TinyData.Context().Transforms.AmbiSSL(samples: 0),
        Throws.ArgumentException.With.Message.StartsWith("Option Samples is 0; it must be a number from 1 to 100000."));

    [Test]
    public void EmptyColumnName_IsRefusedWhenTheEstimatorIsMade() => Assert.That(
        () => TinyData.Context().Transforms.AmbiSSL(outputColumnName: " "),
        Throws.ArgumentException.With.Message.StartsWith("SegmentationColumns.Masks is empty; it must name a column."));

    [Test]
    public void TwoOutputsOfOneName_AreRefused() => Assert.That(
        () => new SegmentationColumns { Probability = "Doubt", Uncertainty = "Doubt" }.Validate(),
        Throws.ArgumentException.With.Message.StartsWith(
            "SegmentationColumns.Probability and SegmentationColumns.Uncertainty are both 'Doubt'; give each output its own name."));

    [Test]
    public void TwoImageChannels_AreRefused() => Assert.That(
        () => new SegmentationColumns { ImageChannels = 2 }.Validate(),
        Throws.ArgumentException.With.Message.StartsWith("SegmentationColumns.ImageChannels is 2; it must be 3 for color or 1 for gray."));

    [Test]
    public void NamedArguments_BecomeColumnsAndOptions()
    {
        var estimator = TinyData.Context().Transforms.AmbiSSL("Lesions", "Slice", "Outlines", samples: 4, epochs: 7);

        Assert.That(
            estimator.Columns, Is.EqualTo(new SegmentationColumns { Masks = "Lesions", Image = "Slice", Annotations = "Outlines" }));
        Assert.That(estimator.Options, Has.Property("Samples").EqualTo(4).And.Property("Epochs").EqualTo(7));
    }

    [Test]
    public void TaskCatalog_MakesTheSameEstimator()
    {
        var columns = new SegmentationColumns { Masks = "Lesions" };
        var estimator = TinyData.Context().AmbiguousSegmentation().Trainers.AmbiSSL(TinyData.Options, columns);

        Assert.That(estimator.Columns, Is.EqualTo(columns));
        Assert.That(estimator.Options, Is.SameAs(TinyData.Options));
    }

    private static void AssertRefused(SegmentationColumns columns, IDataView data, string message)
    {
        var estimator = TinyData.Estimator(columns: columns);
        var shape = ShapeOf(data);
        Assert.That(
            () => estimator.GetOutputSchema(shape), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(message));
        Assert.That(() => estimator.Fit(data), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(message));
    }

    // A pipeline that does nothing hands on the shape of its input, as ML.NET itself derives it from a schema.
    private static SchemaShape ShapeOf(IDataView data)
    {
        SchemaShape? shape = null;
        TinyData.Context().Transforms.CopyColumns("Copy", data.Schema[0].Name)
            .Append(new ShapeSpy(seen => shape = seen))
            .Fit(data);
        return new SchemaShape(shape!.Where(column => column.Name != "Copy"));
    }

    private static IEnumerable<string> Describe(SchemaShape shape) =>
        shape.Select(column => $"{column.Name}: {column.Kind} of {column.ItemType}, key {column.IsKey}, "
            + $"annotations {string.Join(' ', column.Annotations.Select(annotation => annotation.Name))}").Order();

    private sealed class ShapeSpy(Action<SchemaShape> see) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => TinyData.Context().Transforms.CopyColumns("Copy", input.Schema[0].Name).Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            see(inputSchema);
            return inputSchema;
        }
    }
}
