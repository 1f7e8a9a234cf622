using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>One convolution as a training step calls it: sizes, layout, precision, and which gradients its backward pass computes.</summary>
internal sealed record ConvolutionCall(
    (long Batch, long Channels, long Height, long Width) Input,
    (long Channels, long Side) Weight,
    long Stride,
    bool HasBias,
    bool IsChannelsLast,
    bool IsTrained,
    bool InputIsTrained,
    Precision Precision)
{
    /// <summary>The convolutions that an action calls through the layers of a module.</summary>
    public static List<ConvolutionCall> Record(nn.Module module, Action action)
    {
        var calls = new List<ConvolutionCall>();
        var hooks = module.modules().OfType<ImageConvolution>().Distinct().Select(convolution => convolution.register_forward_hook((layer, input, output) =>
        {
            calls.Add(Of((ImageConvolution)layer, input, output));
            return output;
        })).ToArray();
        action();
        foreach (var hook in hooks)
        {
            hook.remove();
        }

        return calls;
    }

    /// <summary>Floating-point operations, a multiplication and an addition counted as two.</summary>
    public double Operations()
    {
        var forward = 2.0 * Input.Batch * Weight.Channels * (Input.Height / Stride) * (Input.Width / Stride) * Input.Channels * Weight.Side * Weight.Side;
        return forward * (1 + (IsTrained ? 1 : 0) + (InputIsTrained ? 1 : 0));
    }

    /// <summary>The convolution alone, forward and backward, on random values of its own.</summary>
    public Action Prepare()
    {
        using var creation = no_grad();
        var type = Precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var input = Random(Input.Batch, Input.Channels, Input.Height, Input.Width, IsChannelsLast).to(type);
        var weight = Random(Weight.Channels, Input.Channels, Weight.Side, Weight.Side, channelsLast: true).to(type);
        var bias = HasBias ? randn(Weight.Channels).to(type) : null;
        Tensor[] trained = [.. IsTrained ? Leaves(weight, bias) : [], .. InputIsTrained ? Leaves(input) : []];
        long[] strides = [Stride, Stride];
        long[] padding = [Weight.Side / 2, Weight.Side / 2];
        var gradient = randn_like(nn.functional.conv2d(input, weight, bias, strides, padding));
        return () =>
        {
            using var scope = NewDisposeScope();
            using var mode = set_grad_enabled(trained.Length > 0);
            var output = nn.functional.conv2d(input, weight, bias, strides, padding);
            if (trained.Length > 0)
            {
                autograd.grad([output], trained, [gradient]);
            }
        };
    }

    private static ConvolutionCall Of(ImageConvolution layer, Tensor input, Tensor output)
    {
        var weight = layer.Weight;
        var trains = is_grad_enabled();
        return new ConvolutionCall(
            (input.shape[0], input.shape[1], input.shape[2], input.shape[3]),
            (weight.shape[0], weight.shape[2]),
            input.shape[2] / output.shape[2],
            layer.Bias is not null,
            input.stride(1) == 1,
            trains && weight.requires_grad,
            trains && input.requires_grad,
            layer.Precision);
    }

    private static Tensor Random(long first, long channels, long height, long width, bool channelsLast) =>
        channelsLast ? randn(first, height, width, channels).permute(0, 3, 1, 2) : randn(first, channels, height, width);

    private static IEnumerable<Tensor> Leaves(params Tensor?[] tensors) => tensors.OfType<Tensor>().Select(tensor => tensor.requires_grad_());
}
