using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Tests.Models;

/// <summary>A model with random weights, statistics of batch normalization among them, whose masks are neither empty nor full.</summary>
internal static class UntrainedModel
{
    public const int Annotators = 3;

    /// <summary>Makes a model. The caller disposes it.</summary>
    public static SegmentationModel Create(
        SegmentationOptions options, ImageShape shape, PixelType type = PixelType.UInt8, IntensityWindow? window = null, MaskClasses? classes = null)
    {
        random.manual_seed(3);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var method = options.CreateMethod(shape, Annotators, classes ?? MaskClasses.One);
        foreach (var normalization in method.modules().OfType<ImageNormalization>())
        {
            var channels = normalization.get_parameter("weight")!.shape[0];
            if (!normalization.OfEachImage)
            {
                normalization.get_buffer("running_mean")!.copy_(rand(channels) * 0.2);
                normalization.get_buffer("running_var")!.copy_((rand(channels) * 0.5) + 0.75);
            }

            normalization.get_parameter("weight")!.copy_((rand(channels) * 0.5) + 0.25);
            normalization.get_parameter("bias")!.copy_(rand(channels) * 0.2);
        }

        method.eval();
        Spread(method, shape.Channels);
        var format = new ImageFormat(shape, type, Preprocessing.None) { Intensities = new IntensityScale(0, 255, window) };
        return new SegmentationModel(options, format, Annotators, [], method, CPU);
    }

    /// <summary>Scales the last layers so that logits have a mean near 0 and a deviation of about 1.</summary>
    private static void Spread(SegmentationMethod method, int channels)
    {
        var logits = method.Probabilities(rand(2, channels, 32, 32), randn(2, 4, method.NoiseDimensions)).logit(1e-6);
        var scale = Math.Min(20, 1 / logits.std().item<float>());
        foreach (var (name, parameter) in method.named_parameters().Where(
            named => named.name is "seg.weight" or "seg.bias" || named.name.Contains("last_layer")))
        {
            parameter.copy_(name.EndsWith("bias") ? (parameter - logits.mean()) * scale : parameter * scale);
        }
    }
}
