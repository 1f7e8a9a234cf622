using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// A network of the true mask, and for each annotator confusion matrices between that and what the annotator draws. Training minimizes the
/// cross-entropy of every annotator's masks plus the weighted trace of the matrices (Tanno et al. 2019, Zhang et al. 2020; their sums over
/// annotators are means here, over those who outlined the image).
/// </summary>
internal abstract class ConfusionMatrixMethod : SegmentationMethod
{
    private readonly ConfusionMatrixOptions _options;
    private readonly FeatureNetwork _backbone;
    private readonly ImageConvolution _head;

    protected ConfusionMatrixMethod(ConfusionMatrixOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options.MethodName, classes)
    {
        _options = options;
        Annotators = annotators;
        Confusion = new ConfusionMatrices(classes);
        _backbone = new FeatureNetwork(options.Backbone, shape.Channels);
        _head = new ImageConvolution(_backbone.Channels, classes.Count, 1);
        Initialization.ApplyToHead(_head, _head);
        _backbone.RegisterIn(this);
        register_module("seg", _head);
    }

    /// <inheritdoc/>
    public override FeatureEncoder Encoder => _backbone.Encoder;

    /// <inheritdoc/>
    public override int NoiseDimensions => 0;

    /// <summary>Number of annotators A.</summary>
    protected int Annotators { get; }

    /// <summary>Shape and arithmetic of the matrices.</summary>
    protected ConfusionMatrices Confusion { get; }

    /// <summary>Channels F of the features.</summary>
    protected int FeatureChannels => _backbone.Channels;

    /// <summary>The parameters of the network of the true mask.</summary>
    protected IEnumerable<Parameter> BackboneParameters => _backbone.Parameters.Concat(_head.parameters());

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => false;

    /// <inheritdoc/>
    public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context)
    {
        var (masks, counted) = batch.ByAnnotator();
        var features = _backbone.Features(batch.LabeledImages);
        var matrices = LogMatrices(features);
        var logSaid = ConfusionMatrices.Apply(LogClasses(features), matrices);
        var (presence, pixels) = (batch.Presence?.unsqueeze(1), counted?.transpose(1, 2));
        var terms = new LossTerms();
        yield return terms.Sum(
            terms.Add("cross_entropy", ConfusionMatrices.CrossEntropy(logSaid, Confusion.OfMasks(masks), presence, pixels))
                .Plus(terms.Add("trace", ConfusionMatrices.Trace(matrices, presence, pixels)).Times(_options.TraceWeight)));
    }

    /// <summary>Probabilities of the estimated truth, before any annotator's matrix, [B, K, H, W].</summary>
    public Tensor Truth(Tensor images)
    {
        using var scope = NewDisposeScope();
        return Activation.AgainstRest(Values(_backbone.Features(images))).sigmoid_().MoveToOuterDisposeScope();
    }

    /// <summary>The confusion matrices of images [B, G, A, truth, said, H, W]; see <see cref="ConfusionMatrices"/>.</summary>
    public Tensor Matrices(Tensor images)
    {
        using var scope = NewDisposeScope();
        return LogMatrices(_backbone.Features(images)).exp().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor AnnotatorProbabilities(Tensor images, Tensor noise)
    {
        using var scope = NewDisposeScope();
        return Said(_backbone.Features(images)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor images, FeaturePyramid seen, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var turns = MaskSets.TakeTurns(Annotators, noise.shape[1], images.device);
        return Said(_backbone.Decode(seen)).index_select(1, turns).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise)
    {
        var features = _backbone.Export(graph, images);
        var said = Confusion.Export(graph, _head.Export(graph, features), ExportLogits(graph, features));
        return new OnnxProbabilities(graph.Pick(said, MaskSets.ExportTurns(graph, Annotators, noise.Samples), axis: 1), said);
    }

    /// <summary>
    /// Writes the logits of the matrices for features [B, F, H, W] to a graph, [B, A * G * truth * said, H, W]; batch, height and width may be 1.
    /// </summary>
    protected abstract OnnxValue ExportLogits(OnnxGraph graph, OnnxValue features);

    /// <summary>Logarithms of the matrices for features [B, F, H, W]; see <see cref="ConfusionMatrices"/>.</summary>
    protected abstract Tensor LogMatrices(Tensor features);

    /// <summary>The last layer's values [B, K, H, W].</summary>
    private Tensor Values(Tensor features) => _head.call(features).to(_head.Weight.dtype);

    /// <summary>What each annotator says [B, A, K, H, W] for features [B, F, H, W].</summary>
    private Tensor Said(Tensor features) => Confusion.Probabilities(ConfusionMatrices.Apply(LogClasses(features), LogMatrices(features)));

    private Tensor LogClasses(Tensor features) => Confusion.LogClasses(Values(features));
}
