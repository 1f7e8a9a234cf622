using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>
/// A convolution over an image, padded by half its filters' size. It starts from the weights that libtorch's own would start from. In
/// <see cref="Precision.BFloat16"/> it rounds input and weights and gives its result in that type; the weights themselves stay as they are.
/// </summary>
internal sealed class ImageConvolution : nn.Module<Tensor, Tensor>
{
    private const string WeightName = "weight";
    private const string BiasName = "bias";

    private readonly long[] _strides;
    private readonly long[] _padding;
    private readonly object _lock = new();
    private Tensor? _rounded;

    /// <param name="inputChannels">Channels of the input.</param>
    /// <param name="outputChannels">Channels of the output.</param>
    /// <param name="size">Rows and columns of the filters, odd.</param>
    /// <param name="stride">Step of the filters.</param>
    /// <param name="bias">Whether each output channel has a bias.</param>
    public ImageConvolution(int inputChannels, int outputChannels, int size, int stride = 1, bool bias = true)
        : base(NativeModule.Create("ImageConvolution"), 0)
    {
        _strides = [stride, stride];
        _padding = [size / 2, size / 2];
        using var scope = NewDisposeScope();
        register_parameter(WeightName, OwnParameter.Create(empty(outputChannels, inputChannels, size, size)));
        nn.init.kaiming_uniform_(Weight, Math.Sqrt(5));
        if (bias)
        {
            var bound = 1 / Math.Sqrt(inputChannels * size * size);
            register_parameter(BiasName, OwnParameter.Create(empty(outputChannels)));
            nn.init.uniform_(Bias!, -bound, bound);
        }
    }

    /// <summary>The numbers it computes with.</summary>
    public Precision Precision { get; private set; }

    /// <summary>Filters [outputs, inputs, size, size].</summary>
    public Parameter Weight => get_parameter(WeightName)!;

    /// <summary>Bias of each output channel.</summary>
    public Parameter? Bias => has_parameter(BiasName) ? get_parameter(BiasName) : null;

    /// <summary>Sets what the convolutions of a module compute with, the module itself included, and lays their weights out for speed.</summary>
    public static void Prepare(nn.Module module, Precision precision)
    {
        ChannelsLast.Apply(module);
        foreach (var convolution in module.modules().Prepend(module).OfType<ImageConvolution>())
        {
            convolution.Precision = precision;
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Apply(input, Weights(), Bias).MoveToOuterDisposeScope();
    }

    /// <summary>The result for input [B, C, H, W] that lacks the last channels, as if these were zero.</summary>
    public Tensor OfFirstChannels(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Apply(input, Weights().narrow(1, 0, input.shape[1]), Bias).MoveToOuterDisposeScope();
    }

    /// <summary>The result for input [B, C, H, W] in the type of the weights, whatever the precision.</summary>
    public Tensor InFull(Tensor input) => nn.functional.conv2d(input, Weight, Bias, _strides, _padding);

    /// <summary>
    /// Writes the convolution to a graph, and with it the normalization of evaluation mode that may follow: in 32 bits, or in 8 where the graph has
    /// their range.
    /// </summary>
    public OnnxValue Export(OnnxGraph graph, OnnxValue input, ImageNormalization? normalization = null)
    {
        if (normalization is { OfEachImage: true })
        {
            var result = graph.Convolve(input, Weight, Bias, _strides, _padding);
            return graph.Apply("InstanceNormalization", [result, graph.Constant(normalization.Scale), graph.Constant(normalization.Shift)]);
        }

        var (weight, bias) = normalization is null ? (Weight, Bias) : normalization.Fold(Weight);
        return graph.Convolve(input, weight, bias, _strides, _padding, graph.RangeOf(normalization is null ? this : normalization));
    }

    /// <summary>Writes what <see cref="OfFirstChannels"/> computes of that many channels.</summary>
    public OnnxValue ExportOfFirstChannels(OnnxGraph graph, OnnxValue input, long channels) =>
        graph.Convolve(input, Weight.narrow(1, 0, channels), Bias, _strides, _padding);

    /// <inheritdoc/>
    /// <remarks>In evaluation weights do not change, and are rounded once; each change of the mode forgets them.</remarks>
    public override void train(bool on = true)
    {
        base.train(on);
        Forget();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
        }

        base.Dispose(disposing);
    }

    private Tensor Apply(Tensor input, Tensor weight, Tensor? bias)
    {
        return Precision == Precision.Float32
            ? nn.functional.conv2d(input, weight, bias, _strides, _padding)
            : nn.functional.conv2d(input.bfloat16(), weight, bias?.bfloat16(), _strides, _padding);
    }

    /// <summary>The weights in the type that is computed with; in training the caller's scope owns them.</summary>
    private Tensor Weights()
    {
        if (Precision == Precision.Float32)
        {
            return Weight;
        }

        if (training || is_grad_enabled())
        {
            return Weight.bfloat16();
        }

        lock (_lock)
        {
            return _rounded ??= Weight.bfloat16().DetachFromDisposeScope();
        }
    }

    private void Forget()
    {
        lock (_lock)
        {
            _rounded?.Dispose();
            _rounded = null;
        }
    }
}
