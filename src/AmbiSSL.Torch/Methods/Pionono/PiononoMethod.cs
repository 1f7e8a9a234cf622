using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Losses;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>
/// Pionono (Schmidt et al., ICCV 2023): the head sees the backbone's features and a code of the annotator whose mask is wanted. One
/// annotator is drawn for each image at each step, of those who outlined it.
/// </summary>
internal sealed class PiononoMethod : SegmentationMethod
{
    private const int HeadConvolutions = 3;

    private readonly PiononoOptions _options;
    private readonly int _annotators;
    private readonly FeatureNetwork _backbone;
    private readonly SegmentationHead _head;
    private readonly AnnotatorLatents _latents;

    public PiononoMethod(PiononoOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(PiononoOptions.Word, classes)
    {
        _options = options;
        _annotators = annotators;
        _backbone = new FeatureNetwork(options.Backbone, shape.Channels);
        _head = new SegmentationHead("seg", _backbone.Channels, options.LatentDimensions, _backbone.Channels, classes, HeadConvolutions);
        _latents = new AnnotatorLatents(annotators, options.LatentDimensions, options.PriorDeviation, options.InitialMeanDeviation);
        _backbone.RegisterIn(this);
        register_module("seg", _head);
        register_module("latents", _latents);
        ImageConvolution.Prepare(this, options.Precision);
    }

    /// <inheritdoc/>
    public override FeatureEncoder Encoder => _backbone.Encoder;

    /// <inheritdoc/>
    public override int NoiseDimensions => _options.LatentDimensions;

    /// <inheritdoc/>
    public override CodeSampling CodeSampling => _options.CodeSampling;

    /// <inheritdoc/>
    public override int AnnotatorNoiseVectors => _options.AnnotatorSamples;

    /// <inheritdoc/>
    public override bool UsesUnlabeled(int epoch) => false;

    /// <inheritdoc/>
    public override IEnumerable<(IEnumerable<Parameter> Parameters, double LearningRateFactor)> ParameterGroups() =>
    [
        (_backbone.Parameters.Concat(_head.parameters()), 1),
        (_latents.parameters(), _options.LatentLearningRate / _options.Training.LearningRate),
    ];

    /// <inheritdoc/>
    public override IEnumerable<LossPart> Step(TrainingBatch batch, StepContext context)
    {
        var images = batch.LabeledImages;
        long[] shape = [images.shape[0], _options.TrainingSamples, NoiseDimensions];
        var annotators = MaskSets.Draw(batch.Annotations, batch.Presence, context.Random);
        var noise = context.Random.Draw(generator => randn(shape, generator: generator));
        var (masks, counted) = batch.ByAnnotator();
        var target = MaskSets.Select(masks, annotators);
        var targetCounted = counted is null ? null : MaskSets.Select(counted, annotators);
        var logits = _head.OfMean(_backbone.Features(images), _latents.Codes(annotators, noise));

        var terms = new LossTerms();
        yield return terms.Sum(
            terms.Add("dice", DiceLoss.Compute(logits, target, targetCounted))
                .Plus(terms.Add("kl", _latents.Divergences().index_select(0, annotators).mean()).Times(_options.KlWeight))
                .Plus(terms.Add("regularization", NormRegularization.Compute(_head.HiddenParameters)).Times(_options.WeightRegularization)));
    }

    /// <inheritdoc/>
    public override Tensor AnnotatorProbabilities(Tensor images, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var (batch, vectors) = (noise.shape[0], noise.shape[1]);
        var everyone = TensorArithmetic.Range(_annotators, ScalarType.Int64, images.device);
        var codes = _latents.Codes(everyone, noise.reshape(1, batch * vectors, NoiseDimensions).expand(_annotators, -1, -1));
        var perImage = codes.view(_annotators, batch, vectors, NoiseDimensions).transpose(0, 1).flatten(1, 2);
        var probabilities = _head.Infer(_backbone.Features(images), perImage).sigmoid_();
        return probabilities.unflatten(1, _annotators, vectors).mean([2]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor Probabilities(Tensor images, FeaturePyramid seen, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var turns = MaskSets.TakeTurns(_annotators, noise.shape[1], images.device);
        var codes = _latents.Codes(turns, noise.transpose(0, 1)).transpose(0, 1);
        return _head.Infer(_backbone.Decode(seen), codes).sigmoid_().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override OnnxProbabilities Export(OnnxGraph graph, OnnxValue images, OnnxNoise noise)
    {
        var features = _backbone.Export(graph, images);
        var codes = _latents.ExportCodes(graph, MaskSets.ExportTurns(graph, _annotators, noise.Samples), noise.Samples);
        var everyone = _latents.ExportEveryonesCodes(graph, noise.Annotators);
        var perImage = graph.Reshape(everyone, graph.Constant(0, -1, NoiseDimensions));
        var own = _head.Export(graph, features, perImage);
        var shape = graph.Concatenate(0, graph.Constant(0, _annotators, -1), graph.Sizes(own, 2, 5));
        return new OnnxProbabilities(_head.Export(graph, features, codes), graph.Mean(graph.Reshape(own, shape), [2], keepsAxes: false));
    }
}
