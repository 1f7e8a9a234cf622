using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary><see cref="MeanTeacherOptions"/>: the loss of unlabeled images is the energy distance of each learner's samples to the teacher's.</summary>
/// <param name="options">Of the teacher.</param>
/// <param name="samples">Masks that a learner draws.</param>
/// <param name="student">The networks that learn.</param>
/// <param name="inTurns">Whether the teacher's decoders draw in turns, since a code does not mean the same to them; otherwise their majority does at each code.</param>
internal sealed class MeanTeacherSupervision(MeanTeacherOptions options, int samples, AmbiSSLMethod student, bool inTurns = false)
{
    private readonly DecoderBranch[] _learners = [.. student.Labels.Branches.Skip(1)];

    /// <summary>The sum over the learners of the energy distance on a batch's unlabeled images, in the caller's dispose scope.</summary>
    /// <param name="batch">With unlabeled images.</param>
    /// <param name="teacher">Networks of the same kind, in evaluation mode.</param>
    /// <param name="random">Draws codes and what is taken away.</param>
    /// <param name="terms">Receives the terms.</param>
    public Tensor Loss(TrainingBatch batch, AmbiSSLMethod teacher, IRandomTensors random, LossTerms terms)
    {
        var taught = MaskSets.SortByArea(Teach(batch.WeakImages!, teacher, random));
        return _learners.Select(learner =>
        {
            var energy = learner.View == UnlabeledView.Weak
                ? EnergyDistance.Compute(Draw(learner, batch.WeakImages!, random), taught)
                : EnergyDistance.Compute(Draw(learner, Hide(batch.StrongImages!, random), random), batch.InStrongView(taught, Spread(batch.Annotations)), Counted(batch, taught));
            return terms.Add("unlabeled_energy" + learner.Suffix, energy);
        }).Aggregate((sum, loss) => sum.Plus(loss));
    }

    /// <summary>
    /// The teacher's masks [B, N, K, H, W] of weak views, 0 or 1. Where it normalizes batches, it does so by these views,
    /// so that its running statistics are those of its own weights.
    /// </summary>
    public Tensor Teach(Tensor weak, AmbiSSLMethod teacher, IRandomTensors random)
    {
        using var gradients = no_grad();
        teacher.train();
        try
        {
            var codes = teacher.Latent.PriorCodes(weak, Noise(weak.shape[0], options.Samples, random));
            var sets = teacher.Labels.PseudoLabels(teacher.Labels.Encoder.Encode(weak), codes, new Dictionary<DecoderBranch, Tensor>());
            return inTurns
                ? cat([.. Enumerable.Range(0, options.Samples).Select(mask => sets.Hard(mask % sets.Logits.Count).narrow(1, mask, 1))], 1)
                : sets.Majority();
        }
        finally
        {
            teacher.eval();
        }
    }

    /// <summary>Strong views of which patches are hidden.</summary>
    public Tensor Hide(Tensor images, IRandomTensors random) => options.MaskedShare == 0
        ? images
        : HiddenPatches.Hide(images, random.Draw(generator => HiddenPatches.Draw(images, options.MaskedShare, options.PatchSize, generator)));

    /// <summary>Features with some channels of each level set to zero, drawn for each image, and the others scaled up by as much.</summary>
    public FeaturePyramid Drop(FeaturePyramid pyramid, IRandomTensors random) => options.FeatureDropout == 0
        ? pyramid
        : pyramid with
        {
            Levels = Array.ConvertAll(pyramid.Levels, level =>
            {
                long[] channels = [level.shape[0], level.shape[1], 1, 1];
                var kept = random.Draw(generator => rand(channels, generator: generator)).IsAtLeast(options.FeatureDropout).to(level.dtype);
                return level * kept.Over(1 - options.FeatureDropout);
            }),
        };

    /// <summary>Logits [B, S, K, H, W] of a learner for images, with codes of its prior.</summary>
    private Tensor Draw(DecoderBranch learner, Tensor images, IRandomTensors random)
    {
        var codes = student.Latent.PriorCodes(images, Noise(images.shape[0], samples, random));
        var pyramid = student.Labels.Encoder.Encode(images);
        return learner.Head.call(learner.Decoder.Decode(learner.View == UnlabeledView.Weak ? Drop(pyramid, random) : pyramid), codes);
    }

    /// <summary>Noise [B, N, D] of which the second half is the first one's opposite, so that few vectors are spread better; of an odd number the last one is left out.</summary>
    private Tensor Noise(long batch, int vectors, IRandomTensors random)
    {
        long[] shape = [batch, (vectors + 1) / 2, student.NoiseDimensions];
        var half = random.Draw(generator => LatentFamily.Normal.Noise(shape, generator));
        return cat([half, half.negative()], 1).narrow(1, 0, vectors);
    }

    /// <summary>Annotations as a set of as many masks as the teacher draws, by falling area as the teacher's are: where one is pasted into the other, large goes with large.</summary>
    private Tensor Spread(Tensor annotations) => InTurn(MaskSets.SortByArea(annotations));

    private Tensor? Counted(TrainingBatch batch, Tensor taught) => batch.Pasted is null || batch.Counted is not { } counted
        ? null
        : batch.InStrongView(ones_like(taught), InTurn(MaskSets.SortByArea(batch.Annotations, counted)));

    private Tensor InTurn(Tensor sorted)
    {
        // Place times masks over samples, rounded down: computed where the masks are, since a step that is recorded copies nothing from the host.
        var places = TensorArithmetic.Range(options.Samples, ScalarType.Int64, sorted.device).Times(sorted.shape[1]).Over(options.Samples);
        return sorted.index_select(1, places.to(ScalarType.Int64));
    }
}
