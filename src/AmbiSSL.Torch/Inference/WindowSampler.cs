using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>Draws masks of images of any size with trained networks, through windows. Several threads may draw at once.</summary>
/// <param name="method">The networks, in evaluation mode on the device.</param>
/// <param name="windows">Size of the windows, and how noise changes over the image.</param>
/// <param name="seed">Of the noise, which depends on nothing else but the image.</param>
/// <param name="device">Where they compute.</param>
/// <param name="mirrors">Whether probabilities are averaged over <see cref="MirrorImages"/>, window by window.</param>
internal sealed class WindowSampler(SegmentationMethod method, WindowOptions windows, int seed, Device device, bool mirrors)
{
    /// <summary>Draws masks.</summary>
    /// <param name="image">[C, H, W].</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="samples">Masks N.</param>
    /// <param name="masks">Receives [N, H, W], 1 where the probability of the foreground is above one half.</param>
    /// <param name="probability">Receives [H, W], the mean over the samples of the probability of the foreground.</param>
    public void Masks(ReadOnlySpan<float> image, ImageSize size, int samples, Span<byte> masks, Span<float> probability)
    {
        var pass = Samples(Rows(image, size), samples);
        while (pass.MoveNext())
        {
            Harden(pass, size, masks);
            var mean = probability.Slice(pass.Row * size.Width, size.Width);
            Mean(pass.Probabilities, samples, mean);
        }
    }

    /// <summary>Draws each annotator's own mask.</summary>
    /// <param name="image">[C, H, W].</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="masks">Receives [A, H, W], 1 where the probability of the annotator's foreground is above one half.</param>
    public void AnnotatorMasks(ReadOnlySpan<float> image, ImageSize size, Span<byte> masks)
    {
        var pass = Pass(Rows(image, size), method.AnnotatorNoiseVectors, masks.Length / size.PixelCount, method.AnnotatorProbabilities);
        while (pass.MoveNext())
        {
            Harden(pass, size, masks);
        }
    }

    /// <summary>Draws the probabilities of N samples, row by row.</summary>
    public WindowPass Samples(ImageRows image, int samples) => Pass(image, samples, samples, method.Probabilities);

    /// <summary>The mean over planes [K, W] at each pixel.</summary>
    public static void Mean(ReadOnlySpan<float> probabilities, int planes, Span<float> mean)
    {
        for (var column = 0; column < mean.Length; column++)
        {
            var sum = 0f;
            for (var plane = 0; plane < planes; plane++)
            {
                sum += probabilities[(plane * mean.Length) + column];
            }

            mean[column] = sum / planes;
        }
    }

    private static void Harden(WindowPass pass, ImageSize size, Span<byte> masks)
    {
        for (var plane = 0; plane < masks.Length / size.PixelCount; plane++)
        {
            var own = pass.Probabilities.Slice(plane * size.Width, size.Width);
            var row = masks.Slice((plane * size.PixelCount) + (pass.Row * size.Width), size.Width);
            for (var column = 0; column < row.Length; column++)
            {
                row[column] = own[column] > 0.5f ? (byte)1 : (byte)0;
            }
        }
    }

    private static MemoryRows Rows(ReadOnlySpan<float> image, ImageSize size) =>
        new(image.ToArray(), new ImageShape(image.Length / size.PixelCount, size.Height, size.Width));

    private WindowPass Pass(ImageRows image, int vectors, int planes, Func<Tensor, Tensor, Tensor> draw)
    {
        (double, double)? distance = windows.CodeDistance is { } apart ? (apart * windows.Size.Height, apart * windows.Size.Width) : null;
        var drawn = mirrors ? MirrorImages.Average(draw) : draw;
        var field = new CodeField(method, seed, image.Hash(), vectors, distance);
        return new WindowPass(
            image, windows.Size, planes, (seen, places) => drawn(seen, Noise(field, vectors, places).to(device)), device);
    }

    /// <summary>[B, vectors, D].</summary>
    private Tensor Noise(CodeField field, int vectors, IReadOnlyList<(int Top, int Left)> places) =>
        tensor(places.SelectMany(place => field.At(place.Top, place.Left)).ToArray()).view(places.Count, vectors, method.NoiseDimensions);
}
