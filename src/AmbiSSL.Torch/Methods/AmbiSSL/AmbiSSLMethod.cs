using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// AmbiSSL (Kumari and Singh, CVPR 2025, figures 2 and 3): a shared encoder, three decoders with heads of their own, prior and posterior
/// encoders. Labelled images train all three decoders (eq. 14); the pruned decoders phi and xi learn from each other on unlabeled ones
/// (eq. 15-20).
/// </summary>
internal sealed class AmbiSSLMethod : SegmentationMethod
{
    private static readonly DecoderName[] All = Enum.GetValues<DecoderName>();
    private static readonly DecoderName[] Pruned = [DecoderName.Phi, DecoderName.Xi];

    private readonly AmbiSSLOptions _options;
    private readonly int _annotators;
    private readonly FeatureEncoder _encoder;
    private readonly Dictionary<DecoderName, FeatureDecoder> _decoders;
    private readonly Dictionary<DecoderName, SegmentationHead> _heads;
    private readonly LatentSpace _latent;
    private readonly SupervisedLoss _supervised;
    private readonly DecoderCopies _copies;
    private readonly bool _teachesInEvaluation;
    private bool _hasCopies;
    private DecoderName _inferenceDecoder;

    public AmbiSSLMethod(AmbiSSLOptions options, ImageShape shape, int annotators)
        : base(AmbiSSLOptions.Word)
    {
        _options = options;
        _annotators = annotators;
        SampleAs(options);
        _encoder = options.Backbone.CreateEncoder(shape.Channels);
        _decoders = All.ToDictionary(name => name, _ => options.Backbone.CreateDecoder());
        var head = CreateHead();
        _heads = All.ToDictionary(
            name => name, name => options.SharedHead || name == DecoderName.Theta ? head : CreateHead());
        _latent = new LatentSpace(options, shape.Channels, annotators);
        _supervised = new SupervisedLoss(options);
        _copies = new DecoderCopies(options, _decoders[DecoderName.Theta], _heads[DecoderName.Theta]);
        register_module("enc", _encoder);
        register_module("dec", Group("dec", _decoders));
        register_module("seg", Group("seg", _heads.DistinctBy(named => named.Value)));
        _latent.RegisterIn(this);
        ImageConvolution.Prepare(this, options.Precision);
        _teachesInEvaluation = options.PseudoLabelStatistics == PseudoLabelStatistics.Running && modules().OfType<ImageNormalization>().Any();
    }

    /// <inheritdoc/>
    public override int NoiseDimensions => _options.LatentDimensions;

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => !TrainsThetaAlone(epoch);

    /// <inheritdoc/>
    public override void BeginEpoch(int epoch, Generator generator)
    {
        if (_hasCopies || TrainsThetaAlone(epoch))
        {
            return;
        }

        MakeCopies(generator);
    }

    /// <summary>Makes phi and xi from theta (eq. 7, 8).</summary>
    public void MakeCopies(Generator generator)
    {
        foreach (var name in Pruned)
        {
            _copies.Make(_decoders[name], _heads[name], generator);
        }

        _hasCopies = true;
    }

    /// <inheritdoc/>
    public override StepLosses Step(TrainingBatch batch, StepContext context)
    {
        if (_hasCopies && _options.PruneSchedule == PruneSchedule.EveryStep)
        {
            MakeCopies(context.Generator);
        }

        var names = _hasCopies ? All : [DecoderName.Theta];
        var labeledDraws = _supervised.Draw(batch.Annotations, context.Generator);
        Tensor LabeledHalf(LossTerms terms) => Supervised(names, batch, labeledDraws, terms)
            .Plus(terms.Add("regularization", Regularization(names)).Times(_options.WeightRegularization));
        var terms = new LossTerms();
        if (!_hasCopies || batch.WeakImages is not { } weak)
        {
            return terms.Sum(LabeledHalf(terms));
        }

        var labeledHalf = terms.AddPropagated(LabeledHalf);
        var draws = UnlabeledDraws.Draw(weak.shape[0], _annotators, _options, context.Generator, weak.device);
        return terms.Sum(labeledHalf.Plus(Unsupervised(batch, draws, terms).Times(_options.UnsupervisedWeightAt(context))));
    }

    /// <summary>Prior of images [B, C, H, W] (eq. 1-3).</summary>
    public LatentDistribution Prior(LatentFamily family, Tensor images) => _latent.Prior(family, images);

    /// <summary>Posterior of images and their mask sets [B, A, H, W] (eq. 1-3).</summary>
    public LatentDistribution Posterior(LatentFamily family, Tensor images, Tensor masks) => _latent.Posterior(family, images, masks);

    /// <summary>L_sup of eq. 14 over the named decoders.</summary>
    public Tensor Supervised(IReadOnlyList<DecoderName> decoders, TrainingBatch batch, LabeledDraws draws, LossTerms terms)
    {
        var (images, annotations) = (batch.LabeledImages, batch.Annotations);
        var (prior, posterior) = (Prior(LatentFamily.Normal, images), Posterior(LatentFamily.Normal, images, annotations));
        var pyramid = _encoder.Encode(images);
        var decoded = decoders.Select(name => (Suffix(name), _decoders[name].Decode(pyramid), _heads[name]));
        return _supervised.Compute(prior, posterior, annotations, draws, decoded, terms);
    }

    /// <summary>
    /// L_unsup of phi plus that of xi (eq. 15-20). The encoder sees weak and strong views in passes of their own, as it does labelled ones,
    /// since it may normalise batches; prior and posterior do not, and see them together.
    /// </summary>
    public Tensor Unsupervised(TrainingBatch batch, UnlabeledDraws draws, LossTerms terms)
    {
        var (weak, strong) = (batch.WeakImages!, batch.StrongImages!);
        var weakPyramid = _encoder.Encode(weak);
        var featuresPhi = _decoders[DecoderName.Phi].Decode(weakPyramid);
        var featuresXi = _decoders[DecoderName.Xi].Decode(_encoder.Encode(strong));
        var withPriorCodes = _options.UnlabeledCode == UnlabeledCode.Prior;
        var priors = withPriorCodes
            ? [PriorWithoutGradient(LatentFamily.Laplace, weak)]
            : _latent.Priors((LatentFamily.Laplace, weak), (LatentFamily.Laplace, strong));
        var codes = priors[0].Detach().Sample(draws.PseudoLabels).transpose(0, 1);
        var sets = _teachesInEvaluation ? PseudoLabelsInEvaluation(weak, codes) : PseudoLabelsOf(weakPyramid.Detach(), featuresPhi.detach(), codes);
        var (forPhi, forXi) = (Target(sets.Xi, sets), batch.InStrongView(Target(sets.Phi, sets)));
        if (withPriorCodes)
        {
            return SameCodeSupervision(DecoderName.Phi, featuresPhi, codes, forPhi, terms)
                .Plus(SameCodeSupervision(DecoderName.Xi, featuresXi, codes, forXi, terms));
        }

        var posteriors = _latent.Posteriors(
            (LatentFamily.Laplace, weak, sets.PhiWithTheta()), (LatentFamily.Laplace, strong, batch.InStrongView(sets.XiWithTheta())));
        return CrossSupervision(
                DecoderName.Phi, featuresPhi, priors[0], posteriors[0], draws.PosteriorPhi, MaskSets.Select(forPhi, draws.TargetFromXi), terms)
            .Plus(CrossSupervision(
                DecoderName.Xi, featuresXi, priors[1], posteriors[1], draws.PosteriorXi, MaskSets.Select(forXi, draws.TargetFromPhi), terms));
    }

    /// <summary>Sum of un-squared norms over prior, posterior and the hidden layers of the named decoders' heads.</summary>
    public Tensor Regularization(IReadOnlyList<DecoderName> decoders) =>
        _latent.Regularization(decoders.Select(name => _heads[name]).Distinct());

    /// <inheritdoc/>
    public override void AfterBackward()
    {
        if (_hasCopies && _options.PruneSchedule == PruneSchedule.EveryStep)
        {
            foreach (var name in Pruned)
            {
                _copies.ReturnGradients(_decoders[name]);
            }
        }
    }

    /// <inheritdoc/>
    public override void AfterUpdate()
    {
        if (_hasCopies && _options.PruneSchedule != PruneSchedule.Once)
        {
            foreach (var name in Pruned)
            {
                _copies.Restore(_decoders[name]);
            }
        }
    }

    /// <inheritdoc/>
    public override bool CanSampleAfter(int epoch) => _inferenceDecoder == DecoderName.Theta || !TrainsThetaAlone(epoch);

    /// <inheritdoc/>
    public override void SampleAs(SegmentationOptions options)
    {
        var own = (AmbiSSLOptions)options;
        _inferenceDecoder = own.TrainsThetaAlone ? DecoderName.Theta : own.InferenceDecoder;
    }

    /// <summary>The keep-masks of phi and xi; none before these are made.</summary>
    public override IReadOnlyDictionary<string, Tensor> TrainingState() =>
        Pruned.SelectMany(name => _copies.KeepMasks(_decoders[name]).Select((mask, i) => (Key: KeepMask(name, i), mask)))
            .ToDictionary(named => named.Key, named => named.mask);

    /// <inheritdoc/>
    public override void RestoreTrainingState(IReadOnlyDictionary<string, Tensor> state)
    {
        _hasCopies = state.Count > 0;
        foreach (var name in Pruned)
        {
            _copies.RestoreKeepMasks(
                _decoders[name], Enumerable.Range(0, state.Count / Pruned.Length).Select(i => state[KeepMask(name, i)]));
        }
    }

    /// <inheritdoc/>
    public override Tensor Sample(Tensor images, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var codes = _latent.PriorCodes(images, noise);
        var pyramid = _encoder.Encode(images);
        return _heads[_inferenceDecoder].Sample(_decoders[_inferenceDecoder].Decode(pyramid), codes).sigmoid_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _copies.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string Suffix(DecoderName name) => $"_{name.ToString().ToLowerInvariant()}";

    private static string KeepMask(DecoderName name, int layer) => $"keep.{name.ToString().ToLowerInvariant()}.{layer}";

    private static ModuleGroup Group<T>(string groupName, IEnumerable<KeyValuePair<DecoderName, T>> modules)
        where T : nn.Module
    {
        var group = new ModuleGroup(groupName);
        foreach (var (name, module) in modules)
        {
            group.Add(name.ToString().ToLowerInvariant(), module);
        }

        return group;
    }

    private bool TrainsThetaAlone(int epoch) => _options.LabeledOnly || epoch < _options.WarmUpEpochs;

    private LatentDistribution PriorWithoutGradient(LatentFamily family, Tensor images)
    {
        using var gradients = no_grad();
        return Prior(family, images);
    }

    private SegmentationHead CreateHead() => SegmentationHead.For(_decoders[DecoderName.Theta], _options.LatentDimensions);

    /// <summary>Loss of one decoder on unlabeled images (eq. 15, 17, 19 or 16, 18, 20).</summary>
    private Tensor CrossSupervision(
        DecoderName name,
        Tensor features,
        LatentDistribution prior,
        LatentDistribution posterior,
        Tensor noise,
        Tensor target,
        LossTerms terms)
    {
        var logits = _heads[name].call(features, posterior.Sample(noise).unsqueeze(1));
        var divergence = LatentDistribution.Divergence(posterior, prior, _options.KlDirection);
        return terms.Add("unlabeled_kl" + Suffix(name), divergence).Times(_options.AlphaUnlabeled)
            .Plus(terms.Add("unlabeled_dice" + Suffix(name), DiceLoss.Compute(_options.DiceLoss, logits, target)));
    }

    /// <summary>Loss of one decoder's masks [B, A, H, W] of unlabeled images against the pseudo-labels of the same codes [B, A, D].</summary>
    private Tensor SameCodeSupervision(DecoderName name, Tensor features, Tensor codes, Tensor target, LossTerms terms)
    {
        var logits = _heads[name].call(features, codes);
        return terms.Add(
            "unlabeled_dice" + Suffix(name), DiceLoss.Compute(_options.DiceLoss, MaskSets.OneByOne(logits), MaskSets.OneByOne(target)));
    }

    /// <summary>The masks [B, A, H, W] that a decoder learns, where the other decoder has these logits.</summary>
    private Tensor Target(Tensor other, PseudoLabelSets sets) => _options.CrossTarget switch
    {
        CrossTarget.AllDecoders => sets.Majority(),
        CrossTarget.Ensemble => PseudoLabelSets.Ensemble(_options.EnsembleRule, other, sets.Theta),
        _ => MaskSets.Harden(other),
    };

    /// <summary>Eq. 9-11 on the features that the losses use.</summary>
    private PseudoLabelSets PseudoLabelsOf(FeaturePyramid pyramid, Tensor featuresPhi, Tensor codes)
    {
        using var gradients = no_grad();
        Tensor Logits(DecoderName name, Tensor features) => _heads[name].Sample(features, codes);
        return new PseudoLabelSets(
            _options.EnsembleRule,
            Logits(DecoderName.Theta, _decoders[DecoderName.Theta].Decode(pyramid)),
            Logits(DecoderName.Phi, featuresPhi),
            Logits(DecoderName.Xi, _decoders[DecoderName.Xi].Decode(pyramid)));
    }

    /// <summary>Pseudo-label sets of weak views for prior codes [B, A, D] (eq. 9-11), with the running statistics of batch normalisation.</summary>
    public PseudoLabelSets PseudoLabelsInEvaluation(Tensor weak, Tensor codes) => InEvaluation(() =>
    {
        var pyramid = _encoder.Encode(weak);
        return PseudoLabelsOf(pyramid, _decoders[DecoderName.Phi].Decode(pyramid), codes);
    });
}
