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
        using var model = Train(AnnotatorMethods.Ranked(options));

        Assert.Multiple(() =>
        {
            Assert.That(model.KnowsAnnotators);
            Assert.That(model.AnnotatorIdentity, Is.EqualTo(AnnotatorIdentity.AreaRank));
            Assert.That(model.Annotators, Is.EqualTo(Annotators));
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
            Assert.That(loaded.AnnotatorIdentity, Is.EqualTo(model.AnnotatorIdentity));
        });
    }

    [TestCaseSource(nameof(Methods))]
    public void Loading_keeps_every_option(SegmentationOptions options)
    {
        using var model = Train(AnnotatorMethods.Ranked(options));
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
        using var method = options.CreateMethod(TinyData.Shape, Annotators);
        method.to(ScalarType.Float64);

        var grouped = method.ParameterGroups().SelectMany(group => group.Parameters).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(grouped.Select(parameter => parameter.Handle), Is.EquivalentTo(method.parameters().Select(parameter => parameter.Handle)));
            Assert.That(grouped.Select(parameter => parameter.dtype), Has.All.EqualTo(ScalarType.Float64));
        });
    }

    [TestCaseSource(nameof(Methods))]
    public void Ranks_by_area_do_not_depend_on_the_order_of_the_masks_and_slots_do(SegmentationOptions options)
    {
        using var method = options.CreateMethod(TinyData.Shape, Annotators);
        using var ranked = AnnotatorMethods.Ranked(options).CreateMethod(TinyData.Shape, Annotators);
        TellApart(method);
        ranked.load_state_dict(method.state_dict());
        var images = rand(8, 1, 16, 16);
        var masks = cat([rand(8, 1, 16, 16).lt(0.8), rand(8, 1, 16, 16).lt(0.5), rand(8, 1, 16, 16).lt(0.2)], 1).to(ScalarType.Float32);

        Assert.Multiple(() =>
        {
            Assert.That(Loss(ranked, masks.flip(1)), Is.EqualTo(Loss(ranked, masks)));
            Assert.That(Loss(ranked, masks), Is.EqualTo(Loss(method, masks)), "largest first");
            Assert.That(Loss(method, masks.flip(1)), Is.Not.EqualTo(Loss(method, masks)));
        });

        float Loss(SegmentationMethod method, Tensor annotations)
        {
            using var generator = new Generator(3);
            method.eval();
            return method.Whole(new TrainingBatch(images, annotations, null, null), new StepContext(0, 1, generator)).Total.item<float>();
        }
    }

    [TestCaseSource(nameof(Methods))]
    public void An_image_that_lacks_an_annotators_mask_is_refused_unless_annotators_are_ranks(SegmentationOptions options)
    {
        var images = AnnotatorMethods.Images(Annotators);
        var (pixels, annotations) = TinyData.Image(TinyData.Shape, 1, annotators: 2);
        images.Add(pixels, annotations);

        Assert.That(
            () => SegmentationTrainer.Fit(images, options),
            Throws.ArgumentException.With.Message.StartsWith(
                $"Image 8, counted from 0, has 2 masks where another has 3; with AnnotatorIdentity.Slot, {options.MethodName} needs every "
                + "annotator's mask of each labeled image. Give the missing masks, or none at all of this image, or choose "
                + "AnnotatorIdentity.AreaRank where the annotators have no identity."));
        using var model = SegmentationTrainer.Fit(images, AnnotatorMethods.Ranked(options));
        Assert.That(model.Annotators, Is.EqualTo(3));
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
            Assert.That((model.KnowsAnnotators, model.AnnotatorIdentity), Is.EqualTo((false, (AnnotatorIdentity?)null)));
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
