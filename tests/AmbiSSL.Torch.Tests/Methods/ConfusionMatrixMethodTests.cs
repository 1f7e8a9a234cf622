using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class ConfusionMatrixMethodTests : TorchFixture
{
    private const int Annotators = 3;

    [TestCaseSource(typeof(AnnotatorMethods), nameof(AnnotatorMethods.ConfusionMatrices))]
    public void Before_training_annotators_say_nearly_the_truth(ConfusionMatrixOptions options)
    {
        using var method = Create(options);
        var images = rand(2, 1, 16, 16);

        var difference = (method.AnnotatorProbabilities(images, Noise(2, 0)) - method.Truth(images).unsqueeze(1)).abs().max().item<float>();

        // An error of 1 % moves a probability by less than 0.01; the matrices of pixels scatter about that.
        Assert.That(difference, Is.LessThan(options is GlobalConfusionMatrixOptions ? 0.01 : 0.02));
    }

    [TestCaseSource(typeof(AnnotatorMethods), nameof(AnnotatorMethods.ConfusionMatrices))]
    public void Rows_of_every_matrix_sum_to_one(ConfusionMatrixOptions options)
    {
        using var method = Create(options);

        var matrices = method.Matrices(rand(2, 1, 16, 16));

        Assert.That(matrices.shape[1..5], Is.EqualTo((long[])[1, Annotators, 2, 2]));
        Assert.That((matrices.sum(-3) - 1).abs().max().item<float>(), Is.LessThan(1e-6));
    }

    [TestCaseSource(typeof(AnnotatorMethods), nameof(AnnotatorMethods.ConfusionMatrices))]
    public void Every_parameter_has_a_gradient_from_the_first_step_on(ConfusionMatrixOptions options)
    {
        using var method = Create(options);
        using var generator = new Generator(1);

        method.Whole(Batch(), new StepContext(0, 2, new DeviceRandom(generator, CPU))).Total.backward();

        Assert.That(
            method.named_parameters().Where(pair => pair.parameter.grad is not { } gradient || gradient.ne(0).sum().item<long>() == 0)
                .Select(pair => pair.name),
            Is.Empty);
    }

    [TestCaseSource(typeof(AnnotatorMethods), nameof(AnnotatorMethods.ConfusionMatrices))]
    public void Loss_is_the_cross_entropy_of_all_annotators_plus_the_weighted_trace(ConfusionMatrixOptions options)
    {
        using var method = Create(options with { TraceWeight = 0.25 });
        using var generator = new Generator(1);
        var batch = Batch();

        // In evaluation mode the step leaves the running statistics of batch normalization alone.
        method.eval();
        var losses = method.Whole(batch, new StepContext(0, 2, new DeviceRandom(generator, CPU)));

        var (said, matrices) = (method.AnnotatorProbabilities(batch.LabeledImages, Noise(2, 0)), method.Matrices(batch.LabeledImages));
        var crossEntropy = nn.functional.binary_cross_entropy(said, batch.Annotations).item<float>();
        var trace = (matrices.select(3, 0).select(3, 0) + matrices.select(3, 1).select(3, 1)).mean().item<float>();
        Assert.That(losses.Total.item<float>(), Is.EqualTo(crossEntropy + (0.25 * trace)).Within(1e-5));
    }

    [TestCaseSource(typeof(AnnotatorMethods), nameof(AnnotatorMethods.ConfusionMatrices))]
    public void Annotators_take_turns_in_sampling(ConfusionMatrixOptions options)
    {
        using var method = Create(options);
        var images = rand(2, 1, 16, 16);

        var samples = method.Probabilities(images, Noise(2, 5));

        var expected = method.AnnotatorProbabilities(images, Noise(2, 0)).index_select(1, tensor((long[])[0, 1, 2, 0, 1]));
        Assert.That(samples.eq(expected).all().item<bool>());
    }

    [Test]
    public void Global_matrices_learn_at_a_rate_of_their_own()
    {
        var images = new ImageCache(TinyData.Shape);
        foreach (var i in Enumerable.Range(0, 4))
        {
            var (pixels, annotations) = TinyData.Image(TinyData.Shape, i);
            images.Add(pixels, annotations);
        }

        using var model = SegmentationTrainer.Fit(images, AnnotatorMethods.Global with { Epochs = 1, MatrixLearningRate = 0.125 });

        // The first step of Adam has the size of the learning rate, whatever the gradient.
        var moved = model.Method.get_parameter("matrices")! - new ConfusionMatrices(MaskClasses.One).Start();
        Assert.That(moved.abs().flatten().data<float>().ToArray(), Is.All.EqualTo(0.125f).Within(1e-3));
    }

    [Test]
    public void Global_matrices_come_near_those_of_annotators_whose_errors_are_known()
    {
        // Shares of background said to be foreground and of foreground said to be background.
        (double False, double Missed)[] errors = [(0.05, 0.3), (0.2, 0.1), (0.02, 0.02)];
        var random = new Random(5);
        var images = new ImageCache(TinyData.Shape);
        for (var i = 0; i < 48; i++)
        {
            var (pixels, truth) = TinyData.Image(TinyData.Shape, i, annotators: 1);
            images.Add(pixels, [.. errors.SelectMany(error => truth.Select(value =>
                random.NextDouble() < (value == 0 ? error.False : error.Missed) ? (byte)(1 - value) : value))], "r1", "r2", "r3");
        }

        using var model = SegmentationTrainer.Fit(images, AnnotatorMethods.Global with
        {
            Backbone = new UNetBackbone { Filters = [4, 8] },
            Epochs = 50,
            MatrixLearningRate = 0.05,
            Training = AnnotatorMethods.Global.Training with
            {
                Augmentation = new AugmentationOptions { RotationProbability = 0, StrongLabeled = false }, LearningRate = 1e-2,
            },
        });

        var matrices = ((ConfusionMatrixMethod)model.Method).Matrices(rand(1, 1, 16, 16));
        Assert.That(
            matrices.flatten().data<float>().ToArray(),
            Is.EqualTo(errors.SelectMany(error => (double[])[1 - error.False, error.False, error.Missed, 1 - error.Missed])).Within(0.05));
    }

    [Test]
    public void Matrices_of_pixels_differ_over_the_image()
    {
        using var method = Create(AnnotatorMethods.Pixel);

        Assert.That(method.Matrices(rand(1, 1, 16, 16)).std([-2, -1]).min().item<float>(), Is.GreaterThan(0));
    }

    private static ConfusionMatrixMethod Create(ConfusionMatrixOptions options) =>
        (ConfusionMatrixMethod)options.CreateMethod(TinyData.Shape, Annotators, MaskClasses.One);

    private static TrainingBatch Batch() =>
        new(rand(2, 1, 16, 16), rand([2, Annotators, 1, 16, 16]).round(), null, null, null, IsByReader: true);

    private static Tensor Noise(int batch, int samples) => empty(batch, samples, 0);
}
