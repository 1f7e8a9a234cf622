using AmbiSSL.Torch.Imaging;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Data;

/// <summary>Brings masks to another size where <c>ResizeImages</c> brings the pixels of images, by the nearest pixel.</summary>
internal static class MaskResizing
{
    /// <summary>A mask of another size; 0 where it is padded.</summary>
    /// <param name="mask">The mask, [H, W].</param>
    /// <param name="from">Its size.</param>
    /// <param name="to">The size wanted.</param>
    /// <param name="kind">How sides of another ratio are made to fit.</param>
    /// <param name="anchor">What is kept where sides are cropped.</param>
    public static byte[] Resize(byte[] mask, ImageSize from, ImageSize to, ImageResizingEstimator.ResizingKind kind, ImageResizingEstimator.Anchor anchor)
    {
        if (kind == ImageResizingEstimator.ResizingKind.Fill)
        {
            return ImageGeometry.ResizeNearest(mask, from, to);
        }

        // In numbers of 32 bits, cut off towards 0: the very rectangle that ML.NET draws into.
        var (across, down) = ((float)to.Width / from.Width, (float)to.Height / from.Height);
        var factor = kind == ImageResizingEstimator.ResizingKind.IsoPad ? Math.Min(across, down) : Math.Max(across, down);
        var scaled = new ImageSize((int)(from.Height * factor), (int)(from.Width * factor));
        var left = Offset(to.Width, from.Width * factor, anchor, ImageResizingEstimator.Anchor.Left, ImageResizingEstimator.Anchor.Right);
        var top = Offset(to.Height, from.Height * factor, anchor, ImageResizingEstimator.Anchor.Top, ImageResizingEstimator.Anchor.Bottom);
        var resized = new byte[to.PixelCount];
        for (var y = Math.Max(0, top); y < Math.Min(to.Height, top + scaled.Height); y++)
        {
            var row = ImageGeometry.NearestIndex(y - top, from.Height, scaled.Height) * from.Width;
            for (var x = Math.Max(0, left); x < Math.Min(to.Width, left + scaled.Width); x++)
            {
                resized[(y * to.Width) + x] = mask[row + ImageGeometry.NearestIndex(x - left, from.Width, scaled.Width)];
            }
        }

        return resized;
    }

    // A side that fits exactly has nothing to anchor; padding is always centered.
    private static int Offset(
        int to, float scaled, ImageResizingEstimator.Anchor anchor, ImageResizingEstimator.Anchor near, ImageResizingEstimator.Anchor far) =>
        scaled <= to ? (int)((to - scaled) / 2) : anchor == near ? 0 : anchor == far ? (int)(to - scaled) : (int)((to - scaled) / 2);
}
