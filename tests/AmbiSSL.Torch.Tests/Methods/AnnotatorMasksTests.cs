using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

/// <summary>What all methods have in common that know their annotators.</summary>
public sealed class AnnotatorMasksTests : TorchFixture
{
    private const int Annotators = 3;

    private static IEnumerable<TestCaseData> Methods() => AnnotatorMethods.All();

    [TestCaseSource(nameof(Methods))]
    public void A_model_tells_whom_it_knows(SegmentationOptions options)
    {
        using var named = Train(options);
        using var ranked = SegmentationTrainer.Fit(AnnotatorMethods.Images(Annotators, named: false), options);

        Assert.Multiple(() =>
        {
            Assert.That((named.KnowsAnnotators, named.Annotators), Is.EqualTo((true, Annotators)));
            Assert.That(named.Readers, Is.EqualTo((string[])["r1", "r2", "r3"]));
            Assert.That((ranked.KnowsAnnotators, ranked.Annotators), Is.EqualTo((true, Annotators)));
            Assert.That(ranked.Readers, Is.Empty);
        });
    }

    [TestCaseSource(nameof(Methods))]
    public void Masks_of_an_image_do_not_depend_on_its_batch(SegmentationOptions options)
    {
        using var model = Train(options);
        var images = Enumerable.Range(0, 3).Select(Image).ToArray();

        var batch = Masks(model, [.. images.SelectMany(image => image)]);

        Assert.That(batch, Is.EqualTo(images.SelectMany(image => Masks(model, image))));
        Assert.That(batch, Has.All.InRange((byte)0, (byte)1));
    }

    [TestCaseSource(nameof(Methods))]
    public void A_saved_model_draws_the_same_masks(SegmentationOptions options)
    {
        using var model = Train(options);
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;

        using var loaded = SegmentationModel.Load(stream, "memory");

        Assert.Multiple(() =>
        {
            Assert.That(Masks(loaded, Image(1)), Is.EqualTo(Masks(model, Image(1))));
            Assert.That(Samples(loaded, Image(1), 5), Is.EqualTo(Samples(model, Image(1), 5)));
            Assert.That(loaded.Readers, Is.EqualTo(model.Readers));
        });
    }

    [TestCaseSource(nameof(Methods))]
    public void Loading_keeps_every_option(SegmentationOptions options)
    {
        using var model = Train(options);
        using var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;

        using var loaded = SegmentationModel.Load(stream, "memory");

        // Lists compare by reference, so the text of the options is compared.
        Assert.That(Text(loaded), Is.EqualTo(Text(model)));

        static string Text(SegmentationModel model) => System.Text.Json.JsonSerializer.Serialize(model.Options);
    }

    [TestCaseSource(nameof(Methods))]
    public void Same_seed_gives_the_same_masks(SegmentationOptions options)
    {
        using var model = Train(options);
        using var again = Train(options);

        Assert.That(Probabilities(again), Is.EqualTo(Probabilities(model)));

        static float[] Probabilities(SegmentationModel model)
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            var pixels = tensor(Image(1)).view(1, 1, 16, 16);
            var noise = zeros(1, model.Method.AnnotatorNoiseVectors, model.Method.NoiseDimensions);
            return model.Method.AnnotatorProbabilities(pixels, noise).flatten().data<float>().ToArray();
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void A_disposed_model_leaves_no_tensor(SegmentationOptions options)
    {
        // The first model of a kind lets libtorch make what it keeps for all others.
        Train(options).Dispose();
        var before = Tensor.TotalCount;
        Train(options).Dispose();
        var afterOne = Tensor.TotalCount;

        using (var model = Train(options))
        {
            Masks(model, Image(1));
            Samples(model, Image(1), 5);
        }

        Assert.That(Tensor.TotalCount - afterOne, Is.EqualTo(afterOne - before), "sampling leaves nothing behind");
    }

    [TestCaseSource(nameof(Methods))]
    public void Every_parameter_is_in_one_group_wherever_the_method_was_moved(SegmentationOptions options)
    {
        using var method = options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);
        method.to(ScalarType.Float64);

        var grouped = method.ParameterGroups().SelectMany(group => group.Parameters).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(grouped.Select(parameter => parameter.Handle), Is.EquivalentTo(method.parameters().Select(parameter => parameter.Handle)));
            Assert.That(grouped.Select(parameter => parameter.dtype), Has.All.EqualTo(ScalarType.Float64));
        });
    }

    [TestCaseSource(nameof(Methods))]
    public void Ranks_by_area_do_not_depend_on_the_order_of_the_masks_and_readers_do(SegmentationOptions options)
    {
        using var method = options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);
        TellApart(method);
        var images = rand(8, 1, 16, 16);
        var masks = cat([rand(8, 1, 16, 16).lt(0.8), rand(8, 1, 16, 16).lt(0.5), rand(8, 1, 16, 16).lt(0.2)], 1).to(ScalarType.Float32).unsqueeze(2);

        Assert.Multiple(() =>
        {
            Assert.That(Loss(masks.flip(1), isByReader: false), Is.EqualTo(Loss(masks, isByReader: false)));
            Assert.That(Loss(masks, isByReader: false), Is.EqualTo(Loss(masks, isByReader: true)), "largest first");
            Assert.That(Loss(masks.flip(1), isByReader: true), Is.Not.EqualTo(Loss(masks, isByReader: true)));
        });

        float Loss(Tensor annotations, bool isByReader) => LossOf(method, new TrainingBatch(images, annotations, null, null, null, isByReader));
    }

    [TestCaseSource(nameof(Methods))]
    public void What_stands_at_the_place_of_an_absent_reader_is_not_learned(SegmentationOptions options)
    {
        using var method = options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);
        TellApart(method);
        var (images, masks) = (rand(4, 1, 16, 16), rand([4, Annotators, 1, 16, 16]).round());
        var presence = tensor((float[])[1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1]).view(4, Annotators);
        var absent = presence.eq(0).view(4, Annotators, 1, 1, 1);

        float Loss(Tensor annotations) => LossOf(method, new TrainingBatch(images, annotations, null, null, null, IsByReader: true, presence));
        Assert.That(Loss(where(absent, 1 - masks, masks)), Is.EqualTo(Loss(masks)));
        Assert.That(Loss(where(absent, masks, 1 - masks)), Is.Not.EqualTo(Loss(masks)));
    }

    [TestCaseSource(nameof(Methods))]
    public void Images_of_some_readers_train_a_model_of_all(SegmentationOptions options)
    {
        var images = new ImageCache(TinyData.Shape);
        foreach (var (seed, readers) in ((int, string[])[])[(1, ["ben", "anna"]), (2, ["carl", "anna"]), (3, ["carl"]), (4, [])])
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, seed, readers.Length);
            images.Add(pixels, annotations, readers);
        }

        using var model = SegmentationTrainer.Fit(images, options);

        Assert.That(model.Readers, Is.EqualTo((string[])["anna", "ben", "carl"]));
        Assert.That(Masks(model, Image(1)), Has.Length.EqualTo(3 * TinyData.Shape.PixelCount));
    }

    [TestCaseSource(nameof(Methods))]
    public void Names_of_readers_who_outlined_all_images_change_no_weight_but_whose_they_are(SegmentationOptions options)
    {
        using var named = SegmentationTrainer.Fit(AnnotatorMethods.Images(Annotators), options);
        using var ranked = SegmentationTrainer.Fit(AnnotatorMethods.Images(Annotators, named: false), options);

        // The first annotator of the tiny images draws the largest mask, so that ranks are readers.
        Assert.That(Masks(named, Image(1)), Is.EqualTo(Masks(ranked, Image(1))));
    }

    [TestCaseSource(nameof(Methods))]
    public void Unlabeled_images_set_the_number_of_steps_and_are_not_read(SegmentationOptions options)
    {
        var images = TinyData.Images(TinyData.Shape, count: 4, annotators: Annotators);
        for (var i = 0; i < 18; i++)
        {
            images.Add(TinyData.Image(TinyData.Shape, 100 + i).Pixels, []);
        }

        var steps = 0;
        using var model = SegmentationTrainer.Fit(images, options, new RunOptions { Progress = new Reporter(progress => steps = progress.StepsPerEpoch) });

        Assert.Multiple(() =>
        {
            Assert.That(steps, Is.EqualTo(10), "20 unlabeled images, 2 a step");
            Assert.That(model.Method.UsesUnlabeled(epoch: 1), Is.False);
        });
    }

    [Test]
    public void A_method_that_does_not_know_its_annotators_says_so()
    {
        using var model = SegmentationTrainer.Fit(TinyData.Images(TinyData.Shape), TinyData.Options with { Epochs = 1 });

        Assert.Multiple(() =>
        {
            Assert.That((model.KnowsAnnotators, model.Readers.Count), Is.EqualTo((false, 0)));
            Assert.That(
                () => Masks(model, Image(1)),
                Throws.InstanceOf<NotSupportedException>().With.Message.StartsWith(
                    "The model was trained with ambissl, which does not know its annotators apart"));
        });
    }

    [Test]
    public void Lengths_that_do_not_fit_are_refused()
    {
        using var model = Train(AnnotatorMethods.Global);

        Assert.That(
            () => model.AnnotatorMasks(Image(1), new byte[5]),
            Throws.ArgumentException.With.Message.StartsWith("masks has 5 values; 768 are needed."));
    }

    private static float LossOf(SegmentationMethod method, TrainingBatch batch)
    {
        using var generator = new Generator(3);
        method.eval();
        return method.Whole(batch, new StepContext(0, 1, new DeviceRandom(generator, CPU))).Total.item<float>();
    }

    /// <summary>Moves every parameter, since some methods treat all annotators alike before training.</summary>
    private static void TellApart(SegmentationMethod method)
    {
        using var gradients = no_grad();
        foreach (var parameter in method.parameters())
        {
            parameter.add_(0.1 * randn(parameter.shape));
        }
    }

    private static SegmentationModel Train(SegmentationOptions options) => SegmentationTrainer.Fit(AnnotatorMethods.Images(Annotators), options);

    private static float[] Image(int seed) => TinyData.Image(TinyData.Shape, seed).Pixels;

    private static byte[] Masks(SegmentationModel model, float[] images)
    {
        var masks = new byte[images.Length / TinyData.Shape.Length * Annotators * TinyData.Shape.PixelCount];
        model.AnnotatorMasks(images, masks);
        return masks;
    }

    private static byte[] Samples(SegmentationModel model, float[] image, int samples)
    {
        var masks = new byte[samples * TinyData.Shape.PixelCount];
        model.SampleMasks(image, samples, masks, new float[TinyData.Shape.PixelCount]);
        return masks;
    }
}
