using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Latent;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>A method whose network draws a mask for each code of a latent prior, learned from labeled images with their posterior.</summary>
internal abstract class LatentMethod : SegmentationMethod
{
    private readonly LatentSegmentationOptions _options;
    private readonly SupervisedLoss _supervised;

    /// <param name="options">Options of the method.</param>
    /// <param name="shape">Size of the images.</param>
    /// <param name="classes">The classes K of a mask.</param>
    /// <param name="posteriorMasks">Masks that the posterior sees beside each image.</param>
    /// <param name="supervised">Loss of labeled images.</param>
    protected LatentMethod(LatentSegmentationOptions options, ImageShape shape, MaskClasses classes, int posteriorMasks, SupervisedLoss supervised)
        : base(options.MethodName, classes)
    {
        _options = options;
        _supervised = supervised;
        Network = CreateNetwork("net", shape);
        Latent = new LatentSpace(options.LatentSizes, shape.Channels, posteriorMasks * classes.Count, options.SortsMasks);
        Latent.RegisterIn(this);
        ImageConvolution.Prepare(this, options.Precision);
    }

    /// <summary>The network that predicts.</summary>
    public SegmentationNetwork Network { get; }

    /// <summary>Prior and posterior.</summary>
    public LatentSpace Latent { get; }

    /// <inheritdoc/>
    public override FeatureEncoder Encoder => Network.Encoder;

    /// <inheritdoc/>
    public override int NoiseDimensions => _options.LatentDimensions;

    /// <inheritdoc/>
    public override CodeSampling CodeSampling => _options.CodeSampling;

    /// <summary>The networks that labeled images train, and what the names of their loss terms end in.</summary>
    protected virtual IReadOnlyList<(string Suffix, SegmentationNetwork Network)> Networks => [("", Network)];

    /// <inheritdoc/>
    public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context)
    {
        var terms = new LossTerms();
        var total = Loss(batch, context, terms);
        var regularization = Latent.Regularization(Networks.Select(named => named.Network.Head));
        yield return terms.Sum(total.Plus(terms.Add("regularization", regularization).Times(_options.WeightRegularization)));
    }

    /// <summary>Loss of the labeled images of a batch.</summary>
    public Tensor Supervised(TrainingBatch batch, LabeledDraws draws, LossTerms terms)
    {
        var images = batch.LabeledImages;
        var prior = Latent.Prior(LatentFamily.Normal, images);
        var posterior = Latent.Posterior(LatentFamily.Normal, images, PosteriorMasks(batch.Annotations, draws));
        var decoded = Networks.Select(named => (named.Suffix, named.Network.Features(images), named.Network.Head));
        return _supervised.Compute(prior, posterior, batch, draws, decoded, terms);
    }

    /// <summary>The masks [B, ?, K, H, W] that the posterior sees: all of them.</summary>
    public virtual Tensor PosteriorMasks(Tensor annotations, LabeledDraws draws) => annotations;

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor images, FeaturePyramid seen, Tensor noise)
    {
        using var scope = NewDisposeScope();
        return Network.Head.Infer(Network.Decode(seen), Latent.PriorCodes(images, noise)).sigmoid_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise)
    {
        var features = Network.ExportFeatures(graph, images);
        var prior = Latent.ExportPrior(graph, images);
        var samples = Network.Head.Export(graph, features, prior.Codes(noise.Samples));
        return new OnnxProbabilities(samples, ExportAnnotators(graph, features, prior, noise.Annotators));
    }

    /// <summary>Writes each annotator's probabilities [B, A, K, H, W] for features to a graph; null where annotators are not known apart.</summary>
    protected virtual OnnxValue? ExportAnnotators(OnnxGraph graph, OnnxValue features, OnnxPrior prior, OnnxValue noise) => null;

    /// <summary>The loss of a batch without the regularization.</summary>
    protected virtual Tensor Loss(TrainingBatch batch, StepContext context, LossTerms terms) =>
        Supervised(batch, _supervised.Draw(batch, context), terms);

    /// <summary>Makes an untrained network that trains and is saved with this method.</summary>
    protected SegmentationNetwork CreateNetwork(string name, ImageShape shape)
    {
        var network = new SegmentationNetwork(name, _options.Backbone, shape.Channels, _options.LatentDimensions, Classes);
        register_module(name, network);
        return network;
    }
}
