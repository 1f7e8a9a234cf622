using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Methods;
using NUnit.Framework;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Methods;

public sealed class OneMaskMethodTests : TorchFixture
{
    private const int Annotators = 3;

    private static readonly OneMaskOptions Options = (OneMaskOptions)RegisteredMethods.Options(OneMaskOptions.Word);

    [Test]
    public void Alone_it_draws_one_mask() => Assert.That(new OneMaskOptions().Samples, Is.EqualTo(1));

    [Test]
    public void Loss_is_Dice_and_cross_entropy_with_one_annotation_drawn_at_random()
    {
        using var method = Create(OneMaskTarget.Annotation);
        using var generator = new Generator(9);
        var batch = Batch();

        var loss = Loss(method, batch, generator);

        using var again = new Generator(9);
        var drawn = randint(Annotators, [4], generator: again);
        Assert.That(loss, Is.EqualTo(Expected(method, batch, MaskSets.Select(batch.Annotations, drawn))).Within(1e-5));
    }

    [Test]
    public void Or_with_the_pixels_that_at_least_half_of_the_annotators_have()
    {
        using var method = Create(OneMaskTarget.Majority);
        using var generator = new Generator(9);
        var batch = Batch();
        var two = batch with { Annotations = batch.Annotations.narrow(1, 0, 2) };

        Assert.That(
            Loss(method, batch, generator),
            Is.EqualTo(Expected(method, batch, batch.Annotations.sum([1], keepdim: true).ge(2).to(ScalarType.Float32))).Within(1e-5));
        Assert.That(
            Loss(method, two, generator),
            Is.EqualTo(Expected(method, two, two.Annotations.sum([1], keepdim: true).ge(1).to(ScalarType.Float32))).Within(1e-5));
    }

    [Test]
    public void An_annotation_that_is_repeated_has_one_voice()
    {
        using var method = Create(OneMaskTarget.Majority);
        using var generator = new Generator(9);
        var batch = Batch();
        var repeated = cat([batch.Annotations, batch.Annotations.narrow(1, 0, 2)], 1);
        var own = tensor((float[])[1, 1, 1, 0, 0]).expand(4, -1);

        var loss = Loss(method, batch with { Annotations = repeated, Own = own }, generator);

        Assert.That(loss, Is.EqualTo(Expected(method, batch, batch.Annotations.sum([1], keepdim: true).ge(2).to(ScalarType.Float32))).Within(1e-5));
    }

    [Test]
    public void Drawn_is_an_annotation_that_is_no_repetition()
    {
        using var method = Create(OneMaskTarget.Annotation);
        using var generator = new Generator(9);
        var batch = Batch();

        var loss = Loss(method, batch with { Own = tensor((float[])[0, 0, 1]).expand(4, -1) }, generator);

        Assert.That(loss, Is.EqualTo(Expected(method, batch, batch.Annotations.narrow(1, 2, 1))).Within(1e-5));
    }

    [Test]
    public void Of_the_majority_who_says_nothing_is_no_voter_and_pixels_without_voters_do_not_count()
    {
        using var method = Create(OneMaskTarget.Majority);
        using var generator = new Generator(9);
        var batch = Batch();
        var counted = ones_like(batch.Annotations);
        counted[.., 1..] = 0;
        counted[.., 0, .., ..8] = 0;
        var masks = batch.Annotations * counted;

        var loss = Loss(method, batch with { Annotations = masks, Counted = counted }, generator);

        Assert.That(loss, Is.EqualTo(Expected(method, batch, masks.narrow(1, 0, 1), counted.narrow(1, 0, 1))).Within(1e-5));
    }

    [Test]
    public void Of_classes_that_exclude_each_other_the_majority_is_what_most_say_of_a_pixel()
    {
        var classes = new MaskClasses(["core", "rim"]);
        using var method = new OneMaskMethod(Options with { Target = OneMaskTarget.Majority }, TinyData.Shape, classes);
        using var generator = new Generator(9);
        var says = randint(3, [4, Annotators, 1, 16, 16], generator: generator);
        var masks = cat([says.eq(1), says.eq(2)], 2).to(ScalarType.Float32);
        var batch = new TrainingBatch(rand(4, 1, 16, 16), masks, null, null);
        var (none, core, rim) = (says.eq(0).sum([1]), says.eq(1).sum([1]), says.eq(2).sum([1]));
        var target = cat([core.gt(none).logical_and(core.ge(rim)), rim.gt(none).logical_and(rim.gt(core))], 1).to(ScalarType.Float32).unsqueeze(1);

        var loss = Loss(method, batch, generator);

        var probability = method.Probabilities(batch.LabeledImages, zeros(4, 1, 0));
        var rest = 1 - probability.sum([2], keepdim: true);
        var entropy = -((target * probability.log()).sum([2]) + ((1 - target.sum([2])) * rest.squeeze(2).log())).mean();
        Assert.That(loss, Is.EqualTo((DiceLoss.Compute(probability.logit(), target) + entropy).item<float>()).Within(1e-4));
    }

    [Test]
    public void All_samples_of_an_image_are_one_mask()
    {
        using var method = Create(OneMaskTarget.Annotation);
        method.eval();

        var samples = method.Probabilities(rand(2, 1, 16, 16), zeros(2, 3, 0));

        Assert.That(samples.shape, Is.EqualTo((long[])[2, 3, 1, 16, 16]));
        Assert.That((samples - samples.narrow(1, 0, 1)).abs().max().item<float>(), Is.Zero);
    }

    private static OneMaskMethod Create(OneMaskTarget target) => new(Options with { Target = target }, TinyData.Shape, MaskClasses.One);

    private static TrainingBatch Batch() => new(rand(4, 1, 16, 16), rand([4, Annotators, 1, 16, 16]).round(), null, null);

    // In evaluation mode the step leaves the running statistics of batch normalization alone.
    private static float Loss(OneMaskMethod method, TrainingBatch batch, Generator generator)
    {
        method.eval();
        return method.Whole(batch, new StepContext(0, 2, new DeviceRandom(generator, CPU))).Total.item<float>();
    }

    private static float Expected(OneMaskMethod method, TrainingBatch batch, Tensor target, Tensor? counted = null)
    {
        var probability = method.Probabilities(batch.LabeledImages, zeros(4, 1, 0));
        var entropies = -((target * probability.log()) + ((1 - target) * (1 - probability).log()));
        var entropy = (counted is null ? entropies : entropies * counted).mean();
        return (DiceLoss.Compute(probability.logit(), target, counted) + entropy).item<float>();
    }
}
