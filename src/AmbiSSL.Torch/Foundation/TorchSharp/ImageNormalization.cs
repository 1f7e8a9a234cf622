using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Batch normalization of images [B, C, H, W], with TorchSharp's defaults, names and numbers, but that it does not count batches: PyTorch reads
/// <c>num_batches_tracked</c> only where momentum is left out, and each count would be one more operation of a step. Or instance normalization, which
/// has no statistics of its own.
/// </summary>
/// <remarks>
/// TorchSharp's own counts, by a temporary scalar (see <see cref="TensorArithmetic"/>), and keeps memory (see <see cref="NativeModule"/>). Upstream: not
/// reported. When to delete this: when <c>nn.BatchNorm2d</c> does neither.
/// </remarks>
internal sealed class ImageNormalization : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-5;
    private const double Momentum = 0.1;

    /// <param name="channels">Channels C.</param>
    /// <param name="ofEachImage">Whether each channel is normalized over its image alone, and not over the batch.</param>
    public ImageNormalization(int channels, bool ofEachImage = false)
        : base(NativeModule.Create("BatchNorm2d"), 0)
    {
        register_parameter("weight", OwnParameter.Create(ones(channels)));
        register_parameter("bias", OwnParameter.Create(zeros(channels)));
        OfEachImage = ofEachImage;
        if (ofEachImage)
        {
            return;
        }

        register_buffer("running_mean", zeros(channels).DetachFromDisposeScope());
        register_buffer("running_var", ones(channels).DetachFromDisposeScope());
        register_buffer("num_batches_tracked", tensor(0L).DetachFromDisposeScope());
    }

    /// <summary>Whether each channel is normalized over its image alone, and not over the batch.</summary>
    public bool OfEachImage { get; }

    /// <summary>Scale of each channel.</summary>
    public Tensor Scale => get_parameter("weight")!;

    /// <summary>Shift of each channel.</summary>
    public Tensor Shift => get_parameter("bias")!;

    public override Tensor forward(Tensor input)
    {
        if (input.dim() != 4)
        {
            throw new ArgumentException($"Images have four dimensions, not {input.dim()}.", nameof(input));
        }

        // libtorch's group normalization, here of groups of one channel, takes scale and shift in the type of the images alone on a GPU.
        return OfEachImage
            ? nn.functional.group_norm(input.to(Scale.dtype), Scale.shape[0], Scale, Shift, Epsilon).to(input.dtype)
            : nn.functional.batch_norm(input, get_buffer("running_mean"), get_buffer("running_var"), Scale, Shift, training, Momentum, Epsilon);
    }

    /// <summary>The weights and bias of a convolution without bias that is one with this batch normalization after it in evaluation mode.</summary>
    public (Tensor Weight, Tensor Bias) Fold(Tensor weight)
    {
        using var scope = NewDisposeScope();
        var scale = Scale / get_buffer("running_var")!.Plus(Epsilon).sqrt();
        return (
            (weight * scale.view(-1, 1, 1, 1)).MoveToOuterDisposeScope(),
            (Shift - (get_buffer("running_mean")! * scale)).MoveToOuterDisposeScope());
    }
}
