using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Batch normalization of images [B, C, H, W], with TorchSharp's defaults, names and numbers, but that it does not count batches: PyTorch reads
/// <c>num_batches_tracked</c> only where momentum is left out, and each count would be one more operation of a step.
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
    public ImageNormalization(int channels)
        : base(NativeModule.Create("BatchNorm2d"), 0)
    {
        register_parameter("weight", OwnParameter.Create(ones(channels)));
        register_parameter("bias", OwnParameter.Create(zeros(channels)));
        register_buffer("running_mean", zeros(channels).DetachFromDisposeScope());
        register_buffer("running_var", ones(channels).DetachFromDisposeScope());
        register_buffer("num_batches_tracked", tensor(0L).DetachFromDisposeScope());
    }

    public override Tensor forward(Tensor input)
    {
        if (input.dim() != 4)
        {
            throw new ArgumentException($"Images have four dimensions, not {input.dim()}.", nameof(input));
        }

        return nn.functional.batch_norm(
            input, get_buffer("running_mean"), get_buffer("running_var"), get_parameter("weight"), get_parameter("bias"), training, Momentum, Epsilon);
    }

    /// <summary>The weights and bias of a convolution without bias that is one with this normalization after it in evaluation mode.</summary>
    public (Tensor Weight, Tensor Bias) Fold(Tensor weight)
    {
        using var scope = NewDisposeScope();
        var scale = get_parameter("weight")! / get_buffer("running_var")!.Plus(Epsilon).sqrt();
        return (
            (weight * scale.view(-1, 1, 1, 1)).MoveToOuterDisposeScope(),
            (get_parameter("bias")! - (get_buffer("running_mean")! * scale)).MoveToOuterDisposeScope());
    }
}
