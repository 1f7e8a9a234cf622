namespace AmbiSSL.Torch.Metrics;

/// <summary>Whether lesions are found, whatever their outlines: a lesion is a component, whose pixels touch at sides or corners.</summary>
internal static class LesionDetection
{
    /// <summary>
    /// F1 of the components of one mask against those of another, as in the WMH segmentation challenge (Kuijf et al. 2019): the harmonic mean of the share of
    /// the reference's components that have a pixel of the mask, and of the mask's components that have a pixel of the reference.
    /// </summary>
    /// <param name="mask">[H, W], where nonzero is foreground.</param>
    /// <param name="reference">The same.</param>
    /// <param name="size">Height and width.</param>
    /// <returns>0 to 1; two empty masks give 1, one 0.</returns>
    public static double F1(byte[] mask, byte[] reference, ImageSize size)
    {
        var (own, other) = (Components.OfForeground(mask, size), Components.OfForeground(reference, size));
        if (own.Count == 0 || other.Count == 0)
        {
            return own.Count == other.Count ? 1 : 0;
        }

        var (precision, recall) = ((double)Touched(own, reference).Count / own.Count, (double)Touched(other, mask).Count / other.Count);
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
    }

    /// <summary>
    /// Lesions are the components of the union of all masks. Of each, the share of experts who have a pixel of it, and the share of samples: the mean over
    /// lesions of how far the two lie apart.
    /// </summary>
    /// <param name="masks">Samples and annotations of an image.</param>
    /// <returns>0 to 1; 0 where no mask holds anything.</returns>
    public static double ShareError(PlacedMasks masks)
    {
        var union = new byte[masks.Size.PixelCount];
        foreach (var mask in (IEnumerable<byte[]>)[.. masks.Each(masks.Samples), .. masks.Each(masks.Annotations)])
        {
            for (var pixel = 0; pixel < union.Length; pixel++)
            {
                union[pixel] |= mask[pixel];
            }
        }

        var lesions = Components.OfForeground(union, masks.Size);
        var (samples, experts) = (Shares(masks.Samples), Shares(masks.Annotations));
        return lesions.Count == 0 ? 0 : samples.Zip(experts, (own, other) => Math.Abs(own - other)).Average();

        double[] Shares(byte[] set)
        {
            HashSet<int>[] touched = [.. masks.Each(set).Select(mask => Touched(lesions, mask))];
            return [.. Enumerable.Range(0, lesions.Count).Select(lesion => (double)touched.Count(mask => mask.Contains(lesion)) / touched.Length)];
        }
    }

    private static HashSet<int> Touched(Components components, byte[] mask) =>
        [.. Enumerable.Range(0, mask.Length).Where(pixel => mask[pixel] != 0 && components.At(pixel) >= 0).Select(components.At)];
}
