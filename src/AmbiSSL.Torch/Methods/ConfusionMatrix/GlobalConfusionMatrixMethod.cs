using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using AmbiSSL.Torch.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>One confusion matrix for each annotator, the same at every pixel of every image (Tanno et al., CVPR 2019).</summary>
internal sealed class GlobalConfusionMatrixMethod : ConfusionMatrixMethod
{
    private const string Logits = "matrices";

    private readonly double _learningRateFactor;

    public GlobalConfusionMatrixMethod(GlobalConfusionMatrixOptions options, ImageShape shape, int annotators, MaskClasses classes)
        : base(options, shape, annotators, classes)
    {
        _learningRateFactor = options.MatrixLearningRate / options.Training.LearningRate;
        long[] repeats = classes.Overlap ? [classes.Count, annotators, 1, 1] : [annotators, 1, 1];
        register_parameter(Logits, OwnParameter.Create(Confusion.Start().repeat(repeats)));
        ImageConvolution.Prepare(this, options.Precision);
    }

    /// <inheritdoc/>
    public override IEnumerable<(IEnumerable<Parameter> Parameters, double LearningRateFactor)> ParameterGroups() =>
        [(BackboneParameters, 1), ([get_parameter(Logits)!], _learningRateFactor)];

    /// <inheritdoc/>
    protected override Tensor LogMatrices(Tensor features) =>
        ConfusionMatrices.Normalize(get_parameter(Logits)!.view(1, Confusion.Groups, Annotators, Confusion.Size, Confusion.Size, 1, 1));

    /// <inheritdoc/>
    protected override OnnxValue ExportLogits(OnnxGraph graph, OnnxValue features) =>
        graph.Constant(get_parameter(Logits)!.view(Confusion.Groups, Annotators, -1).transpose(0, 1).reshape(1, -1, 1, 1));
}
