using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>Every method learns masks of several classes, whether these exclude each other or overlap.</summary>
[TestFixtureSource(nameof(MethodsAndClasses))]
internal sealed class ClassesContractTests(string word, bool overlap)
{
    private const int Annotators = 2;
    private const int Samples = 5;

    private static readonly ImageShape Shape = TinyData.Shape;

    private readonly MaskClasses _classes = overlap ? new(["whole", "lower"], overlap: true) : new(["upper", "middle", "lower"]);
    private readonly List<TrainingProgress> _epochs = [];
    private SegmentationModel _model = null!;

    private static IEnumerable<object[]> MethodsAndClasses =>
        from word in RegisteredMethods.Words
        from overlap in (bool[])[false, true]
        select (object[])[word, overlap];

    [OneTimeSetUp]
    public void Train()
    {
        using var images = TinyData.Images(Shape, _classes, count: 32, Annotators);
        _model = SegmentationTrainer.Fit(images, RegisteredMethods.Options(word), new RunOptions
        {
            Progress = new Reporter(progress =>
            {
                if (progress.IsEpochEnd)
                {
                    _epochs.Add(progress);
                }
            }),
        });
    }

    [OneTimeTearDown]
    public void Dispose() => _model?.Dispose();

    [Test]
    public void Loss_falls()
    {
        var phase = _epochs.TakeWhile(epoch => epoch.Losses.Keys.SequenceEqual(_epochs[0].Losses.Keys)).ToArray();

        Assert.That(phase, Has.Length.GreaterThan(1));
        // Not the total, in which the energy distance gains its weight from epoch to epoch.
        var sums = Array.ConvertAll(phase, epoch => epoch.Losses.Where(loss => loss.Key is not ("total" or "kl" or "regularization")).Sum(loss => loss.Value));
        Assert.That(sums[^1], Is.LessThan(sums[0]));
        Assert.That(_epochs.Select(epoch => epoch.Losses["total"]), Has.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void Its_masks_are_planes_of_its_classes_and_its_uncertainty_is_of_their_probability()
    {
        var (masks, probability, uncertainty) = Sample(_model);

        Assert.Multiple(() =>
        {
            Assert.That(_model.Classes, Is.EqualTo(_classes));
            Assert.That(masks, Has.All.InRange(0, 1));
            Assert.That(probability, Has.All.InRange(0f, 1f));
            Assert.That(uncertainty, Has.All.InRange(0f, overlap ? 1f : 2.0001f));
            for (var pixel = 0; pixel < Shape.PixelCount && !overlap; pixel++)
            {
                Assert.That(Planes(masks.Select(value => (float)value), 0, pixel), Is.LessThanOrEqualTo(1), "one class");
                Assert.That(Planes(probability, 0, pixel), Is.LessThanOrEqualTo(1.0001f), "probabilities of one distribution");
            }
        });
    }

    [Test]
    public void Each_annotators_mask_has_planes_of_its_classes_where_annotators_are_known()
    {
        var masks = new byte[Annotators * _classes.Count * Shape.PixelCount];
        if (!_model.KnowsAnnotators)
        {
            Assert.That(() => _model.AnnotatorMasks(TinyData.Image(Shape, 1).Pixels, masks), Throws.TypeOf<NotSupportedException>());
            return;
        }

        _model.AnnotatorMasks(TinyData.Image(Shape, 1).Pixels, masks);

        Assert.That(masks, Has.All.InRange(0, 1));
    }

    [Test]
    public void A_saved_model_knows_its_classes_and_draws_the_same_bit_for_bit()
    {
        using var stream = new MemoryStream();
        _model.Save(stream);
        stream.Position = 0;

        using var loaded = SegmentationModel.Load(stream, "memory");

        Assert.That(loaded.Classes, Is.EqualTo(_classes));
        Assert.That(Sample(loaded), Is.EqualTo(Sample(_model)));
    }

    private float Planes(IEnumerable<float> planes, int first, int pixel) =>
        planes.Skip((first * Shape.PixelCount) + pixel).Where((_, i) => i % Shape.PixelCount == 0).Take(_classes.Count).Sum();

    private (byte[] Masks, float[] Probability, float[] Uncertainty) Sample(SegmentationModel model)
    {
        var pixels = _classes.Count * Shape.PixelCount;
        var (masks, probability, uncertainty) = (new byte[Samples * pixels], new float[pixels], new float[Shape.PixelCount]);
        model.SampleMasks(TinyData.Image(Shape, 1).Pixels, Samples, masks, probability, uncertainty);
        return (masks, probability, uncertainty);
    }
}
