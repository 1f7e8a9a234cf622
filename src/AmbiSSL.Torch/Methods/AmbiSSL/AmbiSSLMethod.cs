using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// AmbiSSL (Kumari and Singh, CVPR 2025, figures 2 and 3): a shared encoder, three decoders with heads of their own, prior and posterior
/// encoders. Labelled images train all three decoders (eq. 14); the pruned decoders phi and xi learn from each other on unlabeled ones
/// (eq. 15-20).
/// </summary>
internal sealed class AmbiSSLMethod : SegmentationMethod
{
    private static readonly DecoderName[] Pruned = [DecoderName.Phi, DecoderName.Xi];

    private readonly AmbiSSLOptions _options;
    private readonly int _annotators;
    private readonly FeatureEncoder _encoder;
    private readonly Dictionary<DecoderName, FeatureDecoder> _decoders;
    private readonly Dictionary<DecoderName, SegmentationHead> _heads;
    private readonly LatentEncoder _prior;
    private readonly LatentEncoder _posterior;
    private readonly DecoderCopies _copies;
    private readonly bool _normalizesBatches;
    private bool _hasCopies;

    public AmbiSSLMethod(AmbiSSLOptions options, ImageShape shape, int annotators)
        : base(AmbiSSLOptions.Word)
    {
        _options = options;
        _annotators = annotators;
        _encoder = options.Backbone.CreateEncoder(shape.Channels);
        _decoders = Enum.GetValues<DecoderName>().ToDictionary(name => name, _ => options.Backbone.CreateDecoder());
        var head = CreateHead();
        _heads = Enum.GetValues<DecoderName>().ToDictionary(
            name => name, name => options.SharedHead || name == DecoderName.Theta ? head : CreateHead());
        _prior = CreateLatentEncoder("prior", shape.Channels);
        _posterior = CreateLatentEncoder("posterior", shape.Channels + annotators);
        _copies = new DecoderCopies(options, _decoders[DecoderName.Theta], _heads[DecoderName.Theta]);
        register_module("enc", _encoder);
        register_module("dec", Group("dec", _decoders));
        register_module("seg", Group("seg", _heads.DistinctBy(named => named.Value)));
        register_module("prior", _prior);
        register_module("posterior", _posterior);
        ChannelsLast.Apply(this);
        _normalizesBatches = modules().OfType<BatchNorm2d>().Any();
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
        var device = batch.LabeledImages.device;
        if (_hasCopies && _options.PruneSchedule == PruneSchedule.EveryStep)
        {
            MakeCopies(context.Generator);
        }

        var names = _hasCopies ? Enum.GetValues<DecoderName>() : [DecoderName.Theta];
        var labeledDraws = LabeledDraws.Draw(batch.LabeledImages.shape[0], _annotators, _options, context.Generator, device);
        var terms = new LossTerms();
        var total = Supervised(names, batch.LabeledImages, batch.Annotations, labeledDraws, terms);
        if (_hasCopies && batch.WeakImages is { } weak && batch.StrongImages is { } strong)
        {
            var unlabeledDraws = UnlabeledDraws.Draw(weak.shape[0], _annotators, _options, context.Generator, device);
            var rampUp = _options.UnsupervisedWeight * RampUp.Gaussian(context.Epoch, context.Epochs);
            total += rampUp * Unsupervised(weak, strong, unlabeledDraws, terms);
        }

        total += _options.WeightRegularization * terms.Add("regularization", Regularization(names));
        return terms.Sum(total);
    }

    /// <summary>Prior of images [B, C, H, W] (eq. 1-3).</summary>
    public LatentDistribution Prior(LatentFamily family, Tensor images) => Distribution(family, _prior, images);

    /// <summary>Posterior of images and their mask sets [B, A, H, W] (eq. 1-3).</summary>
    public LatentDistribution Posterior(LatentFamily family, Tensor images, Tensor masks) =>
        Distribution(family, _posterior, cat([images, _options.SortAnnotationsByArea ? MaskSets.SortByArea(masks) : masks], 1));

    /// <summary>L_sup of eq. 14 over the named decoders; the Kullback-Leibler term, which they share, counts once.</summary>
    public Tensor Supervised(
        IReadOnlyList<DecoderName> decoders, Tensor images, Tensor annotations, LabeledDraws draws, LossTerms terms)
    {
        var pyramid = _encoder.Encode(images);
        var prior = Prior(LatentFamily.Normal, images);
        var posterior = Posterior(LatentFamily.Normal, images, annotations);
        var divergence = LatentDistribution.Divergence(posterior, prior, _options.KlDirection);
        var target = MaskSets.Select(annotations, draws.Annotation);
        var posteriorCode = posterior.Sample(draws.Posterior).unsqueeze(1);
        var priorCodes = prior.Sample(draws.Prior).transpose(0, 1);

        var total = _options.AlphaLabeled * terms.Add("kl", divergence);
        foreach (var name in decoders)
        {
            var (logits, union, intersection) = _heads[name].WithBounds(_decoders[name].Decode(pyramid), posteriorCode, priorCodes);
            var segmentation = DiceLoss.Compute(_options.DiceLoss, logits, target);
            var bound = BoundLoss.Compute(_options.DiceLoss, union, intersection, annotations);
            total += terms.Add(Term("dice", name), segmentation) + (_options.Beta * terms.Add(Term("bound", name), bound));
        }

        return total;
    }

    /// <summary>L_unsup of phi plus that of xi (eq. 15-20).</summary>
    public Tensor Unsupervised(Tensor weak, Tensor strong, UnlabeledDraws draws, LossTerms terms)
    {
        var pyramid = _encoder.Encode(weak);
        var featuresPhi = _decoders[DecoderName.Phi].Decode(pyramid);
        var featuresXi = _decoders[DecoderName.Xi].Decode(_encoder.Encode(strong));
        var priorPhi = Prior(LatentFamily.Laplace, weak);
        var priorXi = Prior(LatentFamily.Laplace, strong);
        var codes = priorPhi.Detach().Sample(draws.PseudoLabels).transpose(0, 1);
        var sets = _normalizesBatches ? PseudoLabelsInEvaluation(weak, codes) : PseudoLabels(pyramid.Detach(), featuresPhi.detach(), codes);
        var (ensemblePhi, ensembleXi) = (sets.PhiWithTheta(), sets.XiWithTheta());
        var (targetPhi, targetXi) = _options.CrossTarget == CrossTarget.OwnSet
            ? (PseudoLabelSets.Harden(sets.Phi), PseudoLabelSets.Harden(sets.Xi))
            : (ensemblePhi, ensembleXi);

        var phi = CrossSupervision(DecoderName.Phi, featuresPhi, weak, ensemblePhi, priorPhi, draws.PosteriorPhi, MaskSets.Select(targetXi, draws.TargetFromXi), terms);
        var xi = CrossSupervision(DecoderName.Xi, featuresXi, strong, ensembleXi, priorXi, draws.PosteriorXi, MaskSets.Select(targetPhi, draws.TargetFromPhi), terms);
        return phi + xi;
    }

    /// <summary>Sum of un-squared norms over prior, posterior and the hidden layers of the named decoders' heads.</summary>
    public Tensor Regularization(IReadOnlyList<DecoderName> decoders)
    {
        var heads = decoders.Select(name => _heads[name]).Distinct().SelectMany(head => head.HiddenParameters);
        return NormRegularization.Compute(_prior.parameters().Concat(_posterior.parameters()).Concat(heads));
    }

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
    public override bool CanSampleAfter(int epoch) => InferenceDecoder == DecoderName.Theta || !TrainsThetaAlone(epoch);

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
        var name = InferenceDecoder;
        var prior = Prior(LatentFamily.Normal, images);
        var codes = prior.Sample(noise.transpose(0, 1)).transpose(0, 1);
        return _heads[name].Sample(_decoders[name].Decode(_encoder.Encode(images)), codes).sigmoid_().MoveToOuterDisposeScope();
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

    private DecoderName InferenceDecoder => _options.TrainsThetaAlone ? DecoderName.Theta : _options.InferenceDecoder;

    private static string Term(string term, DecoderName name) => $"{term}_{name.ToString().ToLowerInvariant()}";

    private static string KeepMask(DecoderName name, int layer) => $"keep.{name.ToString().ToLowerInvariant()}.{layer}";

    private static LatentDistribution Distribution(LatentFamily family, LatentEncoder encoder, Tensor input)
    {
        var (location, logScale) = encoder.call(input);
        return new LatentDistribution(family, location, logScale);
    }

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

    private SegmentationHead CreateHead()
    {
        var channels = _decoders[DecoderName.Theta].OutputChannels;
        return new SegmentationHead("seg", channels, _options.LatentDimensions, hiddenChannels: channels);
    }

    private LatentEncoder CreateLatentEncoder(string name, int channels) =>
        new(name, channels, _options.LatentFilters, _options.LatentDimensions, _options.LatentConvolutionsPerBlock);

    /// <summary>Loss of one decoder on unlabeled images (eq. 15, 17, 19 or 16, 18, 20).</summary>
    private Tensor CrossSupervision(
        DecoderName name,
        Tensor features,
        Tensor images,
        Tensor ensemble,
        LatentDistribution prior,
        Tensor noise,
        Tensor target,
        LossTerms terms)
    {
        var posterior = Posterior(LatentFamily.Laplace, images, ensemble);
        var logits = _heads[name].call(features, posterior.Sample(noise).unsqueeze(1));
        var divergence = LatentDistribution.Divergence(posterior, prior, _options.KlDirection);
        return (_options.AlphaUnlabeled * terms.Add(Term("unlabeled_kl", name), divergence))
            + terms.Add(Term("unlabeled_dice", name), DiceLoss.Compute(_options.DiceLoss, logits, target));
    }

    /// <summary>Eq. 9-11 on the features that the losses use.</summary>
    private PseudoLabelSets PseudoLabels(FeaturePyramid pyramid, Tensor featuresPhi, Tensor codes)
    {
        using var gradients = no_grad();
        Tensor Logits(DecoderName name, Tensor features) => _heads[name].call(features, codes);
        return new PseudoLabelSets(
            _options.EnsembleRule,
            Logits(DecoderName.Theta, _decoders[DecoderName.Theta].Decode(pyramid)),
            Logits(DecoderName.Phi, featuresPhi),
            Logits(DecoderName.Xi, _decoders[DecoderName.Xi].Decode(pyramid)));
    }

    /// <summary>Pseudo-label sets of weak views for prior codes [B, A, D] (eq. 9-11), with the running statistics of batch normalisation.</summary>
    public PseudoLabelSets PseudoLabelsInEvaluation(Tensor weak, Tensor codes)
    {
        using var gradients = no_grad();
        eval();
        try
        {
            var pyramid = _encoder.Encode(weak);
            return PseudoLabels(pyramid, _decoders[DecoderName.Phi].Decode(pyramid), codes);
        }
        finally
        {
            train();
        }
    }
}
