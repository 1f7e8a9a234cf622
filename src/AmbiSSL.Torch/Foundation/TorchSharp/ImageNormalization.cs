using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Batch normalization of images [B, C, H, W], with TorchSharp's defaults, names and numbers; no garbage collection disturbs how it counts
/// batches: see <see cref="TensorArithmetic"/>.
/// </summary>
/// <remarks>Upstream and when to delete this: with <see cref="TensorArithmetic"/>; then <c>nn.BatchNorm2d</c> will do.</remarks>
internal sealed class ImageNormalization(int channels)
    : BatchNorm(channels, eps: 1e-5, momentum: 0.1, affine: true, track_running_stats: true, device: null, dtype: null, nameof(BatchNorm2d))
{
    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);
        if (training)
        {
            num_batches_tracked!.add_(TensorArithmetic.One, TensorArithmetic.One);
        }

        return nn.functional.batch_norm(input, running_mean, running_var, weight, bias, training, momentum!.Value, eps);
    }

    /// <inheritdoc/>
    protected override void ValidateInputDimensions(Tensor input)
    {
        if (input.dim() != 4)
        {
            throw new ArgumentException($"Images have four dimensions, not {input.dim()}.", nameof(input));
        }
    }
}
