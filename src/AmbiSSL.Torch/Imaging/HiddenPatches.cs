using AmbiSSL.Torch.Foundation;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Images of which whole patches of a grid are hidden: they show the image's mean.</summary>
internal static class HiddenPatches
{
    /// <summary>Which pixels of images [B, C, H, W] are hidden, [B, 1, H, W], on the CPU.</summary>
    /// <param name="images">The images.</param>
    /// <param name="share">Share of the patches.</param>
    /// <param name="size">Rows and columns of a patch.</param>
    /// <param name="generator">Draws whether a patch is hidden.</param>
    public static Tensor Draw(Tensor images, double share, int size, Generator generator)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images.shape[2], images.shape[3]);
        var hidden = rand([images.shape[0], 1, (height + size - 1) / size, (width + size - 1) / size], generator: generator).IsBelow(share);
        return hidden.repeat_interleave(size, 2).repeat_interleave(size, 3).narrow(2, 0, height).narrow(3, 0, width).MoveToOuterDisposeScope();
    }

    /// <summary>Images [B, C, H, W] whose hidden pixels [B, 1, H, W] show the image's mean.</summary>
    public static Tensor Hide(Tensor images, Tensor hidden) => where(hidden, images.mean([2, 3], keepdim: true), images);
}
