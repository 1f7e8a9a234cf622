using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>Probabilities averaged over an image and its three mirror images, each turned back: left to right, top to bottom, and both.</summary>
internal static class MirrorImages
{
    // The last two dimensions are rows and columns, of images and of whatever is drawn.
    private static readonly long[][] Flips = [[-1], [-2], [-2, -1]];

    /// <summary>What a function draws for images [B, C, H, W] and noise [B, N, D], [B, ?, K, H, W], averaged over the four, which see the same noise.</summary>
    public static Func<Tensor, Tensor, Tensor> Average(Func<Tensor, Tensor, Tensor> draw) => (images, noise) =>
    {
        using var scope = NewDisposeScope();
        return Average(draw(images, noise), draw, images, noise).MoveToOuterDisposeScope();
    };

    /// <summary>The same where what is drawn for the images themselves is there.</summary>
    public static Tensor Average(Tensor own, Func<Tensor, Tensor, Tensor> draw, Tensor images, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var sum = Flips.Aggregate(own, (sum, axes) => sum.Plus(draw(images.flip(axes), noise).flip(axes)));
        return sum.Over(Flips.Length + 1).MoveToOuterDisposeScope();
    }
}
