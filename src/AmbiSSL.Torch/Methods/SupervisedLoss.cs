using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// The loss of labeled images (eq. 14, with the energy distance of samples beside the bound loss), for one decoder or for several that share
/// the latent codes.
/// </summary>
internal sealed class SupervisedLoss
{
    private readonly int _dimensions;
    private readonly double _alpha;
    private readonly double _beta;
    private readonly int _boundSamples;
    private readonly double _energyWeight;
    private readonly int _energySamples;
    private readonly Func<StepContext, long, double> _energyShareAt = (_, _) => 1;

    /// <param name="options">Latent dimensions.</param>
    /// <param name="alpha">Weight of the divergence.</param>
    /// <param name="beta">Weight of the bound loss.</param>
    /// <param name="boundSamples">Prior codes of the bound loss; with 0 there is no bound loss.</param>
    public SupervisedLoss(LatentSegmentationOptions options, double alpha, double beta, int boundSamples) =>
        (_dimensions, _alpha, _beta, _boundSamples) = (options.LatentDimensions, alpha, beta, boundSamples);

    /// <param name="options">Weights and numbers of codes.</param>
    public SupervisedLoss(SupervisedLossOptions options)
        : this(options, options.AlphaLabeled, options.Beta, options.BoundSamples) =>
        (_energyWeight, _energySamples, _energyShareAt) = (options.EnergyWeight, options.EnergyWeight == 0 ? 0 : options.EnergySamples, options.EnergyShareAt);

    /// <summary>Draws what is random in the loss of a batch at a step.</summary>
    public LabeledDraws Draw(TrainingBatch batch, StepContext context) =>
        LabeledDraws.Draw(batch, _dimensions, _boundSamples, _energySamples, context.Random) with
        {
            EnergyShare = _energyShareAt(context, batch.Annotations.shape[2]),
        };

    /// <summary>L_sup summed over the decoders; the Kullback-Leibler term, which they share, counts once.</summary>
    /// <param name="prior">Prior of the images.</param>
    /// <param name="posterior">Posterior of the images and their annotations.</param>
    /// <param name="batch">The annotations.</param>
    /// <param name="draws">What is random.</param>
    /// <param name="decoders">What the names of the terms end in, decoded features [B, F, H, W] and head of each decoder.</param>
    /// <param name="terms">Receives the terms.</param>
    public Tensor Compute(
        LatentDistribution prior,
        LatentDistribution posterior,
        TrainingBatch batch,
        LabeledDraws draws,
        IEnumerable<(string Suffix, Tensor Features, SegmentationHead Head)> decoders,
        LossTerms terms)
    {
        var (annotations, counted) = (batch.Annotations, batch.Counted);
        var divergence = posterior.DivergenceFrom(prior);
        var target = MaskSets.Select(annotations, draws.Annotation);
        var targetCounted = counted is null ? null : MaskSets.Select(counted, draws.Annotation);
        var posteriorCode = posterior.Codes(draws.Posterior).unsqueeze(1);
        var priorCodes = prior.Codes(draws.Prior).transpose(0, 1);
        var codes = draws.Energy is { } noise ? cat([posteriorCode, prior.Codes(noise).transpose(0, 1)], 1) : posteriorCode;

        var total = terms.Add("kl", divergence).Times(_alpha);
        foreach (var (suffix, features, head) in decoders)
        {
            if (priorCodes.shape[1] == 0)
            {
                var dice = DiceLoss.Compute(head.call(features, posteriorCode), target, targetCounted);
                total = total.Plus(terms.Add("dice" + suffix, dice));
                continue;
            }

            var (logits, bounds) = head.WithBounds(features, codes, priorCodes);
            var segmentation = DiceLoss.Compute(logits.narrow(1, 0, 1), target, targetCounted);
            var bound = BoundLoss.Compute(bounds, annotations, counted);
            total = total.Plus(terms.Add("dice" + suffix, segmentation).Plus(terms.Add("bound" + suffix, bound).Times(_beta)));
            if (codes.shape[1] > 1)
            {
                var energy = EnergyDistance.Compute(logits.narrow(1, 1, codes.shape[1] - 1), annotations, counted, batch.Own);
                total = total.Plus(terms.Add("energy" + suffix, energy).Times(_energyWeight * draws.EnergyShare));
            }
        }

        return total;
    }
}
