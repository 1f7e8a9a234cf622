namespace AmbiSSL.Torch.Tests;

/// <summary>Arrays as images and masks.</summary>
internal static class ImageValues
{
    /// <summary>Adds an image of floats to a cache of such.</summary>
    public static void Add(this ImageCache cache, float[] pixels, byte[] annotations, params string[] readers) =>
        cache.Add(new ImagePixels(cache.Shape, pixels), new MaskSet(cache.Shape.Size, annotations, readers));
}
