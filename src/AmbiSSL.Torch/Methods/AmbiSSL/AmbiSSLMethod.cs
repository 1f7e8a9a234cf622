using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// AmbiSSL (Kumari and Singh, CVPR 2025, figures 2 and 3): labeled images train all decoders (eq. 14), the pruned ones learn from each other on
/// unlabeled images too (eq. 21). Its modules are the paper's: DPG, SSLDL and CDS.
/// </summary>
internal sealed class AmbiSSLMethod : SegmentationMethod
{
    private readonly AmbiSSLOptions _options;
    private readonly int _annotators;
    private readonly SupervisedLoss _supervised;

    public AmbiSSLMethod(AmbiSSLOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options.MethodName, classes)
    {
        _options = options;
        _annotators = annotators;
        _supervised = new SupervisedLoss(options);
        Labels = new DiversePseudoLabelGeneration(options, shape.Channels, classes);
        Latent = new SemiSupervisedLatentDistributionLearning(options, shape.Channels, annotators * classes.Count);
        Supervision = options.CrossSupervision == CrossSupervision.Printed
            ? new PrintedSupervision(Labels, Latent, options.AlphaUnlabeled, InEvaluation)
            : new SameCodeSupervision(Labels, Latent);
        Labels.RegisterIn(this);
        Latent.RegisterIn(this);
        ImageConvolution.Prepare(this, options.Precision);
    }

    /// <summary>DPG: encoder and decoders.</summary>
    public DiversePseudoLabelGeneration Labels { get; }

    /// <summary>SSLDL: prior and posterior.</summary>
    public SemiSupervisedLatentDistributionLearning Latent { get; }

    /// <summary>CDS: the loss of unlabeled images.</summary>
    public CrossDecoderSupervision Supervision { get; }

    /// <summary>Decoder phi predicts (section 3.3); theta where unlabeled images were never learned from.</summary>
    private DecoderBranch Predictor => _options.TrainsThetaAlone ? Labels.Theta : Labels.Phi;

    /// <inheritdoc/>
    public override FeatureEncoder Encoder => Labels.Encoder;

    /// <inheritdoc/>
    public override int NoiseDimensions => _options.LatentDimensions;

    /// <inheritdoc/>
    public override CodeSampling CodeSampling => _options.CodeSampling;

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => epoch >= _options.WarmUpEpochs;

    /// <inheritdoc/>
    public override bool CanSampleAfter(int epoch) => _options.TrainsThetaAlone || UsesUnlabeled(epoch);

    /// <inheritdoc/>
    public override void BeginEpoch(int epoch, Generator generator)
    {
        if (epoch == _options.WarmUpEpochs)
        {
            Labels.Prune(generator);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context)
    {
        var usesUnlabeled = UsesUnlabeled(context.Epoch);
        var branches = usesUnlabeled ? Labels.Branches : [Labels.Theta];
        var labeled = _supervised.Draw(batch, context);
        var unlabeled = usesUnlabeled && batch.WeakImages is { } weak
            ? UnlabeledDraws.Draw(
                Latent.OfUnlabeled, weak.shape[0], _annotators, NoiseDimensions, Labels.Branches.Count - 1, context.Random)
            : null;
        return Step(batch, branches, labeled, unlabeled, _options.UnsupervisedWeightAt(context));
    }

    /// <summary>Eq. 21: the supervised loss, then the weighted unsupervised one.</summary>
    /// <param name="batch">With unlabeled images where there are draws for them.</param>
    /// <param name="branches">The decoders that labeled images train.</param>
    /// <param name="labeled">What is random for labeled images.</param>
    /// <param name="unlabeled">What is random for unlabeled images; null where these are not learned from.</param>
    /// <param name="weight">Weight μ of the unsupervised loss.</param>
    public IEnumerable<LossPart> Step(
        TrainingBatch batch, IReadOnlyList<DecoderBranch> branches, LabeledDraws labeled, UnlabeledDraws? unlabeled, double weight)
    {
        yield return SupervisedPart(branches, batch, labeled);
        if (unlabeled is not null)
        {
            yield return UnsupervisedPart(batch, unlabeled, weight);
        }
    }

    /// <summary>L_sup of eq. 14 over some decoders, with the regularization.</summary>
    public LossPart SupervisedPart(IReadOnlyList<DecoderBranch> branches, TrainingBatch batch, LabeledDraws draws)
    {
        var terms = new LossTerms();
        var (prior, posterior) = Latent.Labeled(batch.LabeledImages, batch.Annotations);
        var pyramid = Labels.Encoder.Encode(batch.LabeledImages);
        var decoded = branches.Select(branch => (branch.Suffix, branch.Decoder.Decode(pyramid), branch.Head));
        var supervised = _supervised.Compute(prior, posterior, batch, draws, decoded, terms);
        var regularization = terms.Add("regularization", Latent.Regularization(branches.Select(branch => branch.Head)));
        return terms.Sum(supervised.Plus(regularization.Times(_options.WeightRegularization)));
    }

    /// <summary>L_unsup of eq. 21, summed over the pruned decoders.</summary>
    /// <param name="batch">With unlabeled images.</param>
    /// <param name="draws">What is random.</param>
    /// <param name="weight">Weight μ.</param>
    public LossPart UnsupervisedPart(TrainingBatch batch, UnlabeledDraws draws, double weight)
    {
        var terms = new LossTerms();
        return terms.Sum(Supervision.Loss(batch, draws, terms).Times(weight));
    }

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor images, FeaturePyramid seen, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var codes = Latent.PriorCodes(images, noise);
        var features = Predictor.Decoder.Decode(seen);
        return Predictor.Head.Infer(features, codes).sigmoid_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise)
    {
        var features = Predictor.Decoder.Export(graph, Labels.Encoder.Export(graph, images));
        var codes = Latent.ExportPrior(graph, images).Codes(noise.Samples);
        return new OnnxProbabilities(Predictor.Head.Export(graph, features, codes));
    }
}
