using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Metrics;
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
    private readonly int _classes = method.Classes.Count;

    /// <summary>Draws masks.</summary>
    /// <param name="image">[C, H, W].</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="samples">Masks N.</param>
    /// <param name="masks">Receives [N, K, H, W], 1 where a pixel is of the class.</param>
    /// <param name="probability">Receives [K, H, W], the mean over the samples of the probability of the class.</param>
    public void Masks(ReadOnlySpan<float> image, ImageSize size, int samples, Span<byte> masks, Span<float> probability)
    {
        var pass = Samples(Rows(image, size), samples);
        var mean = new float[_classes * size.Width];
        while (pass.MoveNext())
        {
            Harden(pass, size, masks);
            Mean(pass.Probabilities, samples, mean);
            for (var plane = 0; plane < _classes; plane++)
            {
                mean.AsSpan(plane * size.Width, size.Width).CopyTo(probability[((plane * size.PixelCount) + (pass.Row * size.Width))..]);
            }
        }
    }

    /// <summary>Draws each annotator's own mask.</summary>
    /// <param name="image">[C, H, W].</param>
    /// <param name="size">Its height and width.</param>
    /// <param name="masks">Receives [A, K, H, W], 1 where a pixel is of the annotator's class.</param>
    public void AnnotatorMasks(ReadOnlySpan<float> image, ImageSize size, Span<byte> masks)
    {
        var pass = Pass(Rows(image, size), method.AnnotatorNoiseVectors, masks.Length / size.PixelCount, method.AnnotatorProbabilities);
        while (pass.MoveNext())
        {
            Harden(pass, size, masks);
        }
    }

    /// <summary>Draws the probabilities of N samples, [N, K, W] row by row.</summary>
    public WindowPass Samples(ImageRows image, int samples) => Pass(image, samples, samples * _classes, method.Probabilities);

    /// <summary>The mean over N samples of a row [N, K, W], [K, W].</summary>
    public static void Mean(ReadOnlySpan<float> probabilities, int samples, Span<float> mean)
    {
        for (var place = 0; place < mean.Length; place++)
        {
            var sum = 0f;
            for (var sample = 0; sample < samples; sample++)
            {
                sum += probabilities[(sample * mean.Length) + place];
            }

            mean[place] = sum / samples;
        }
    }

    /// <summary>Sets 1 in a row of planes [N, K, H, W] where a pixel is of the class.</summary>
    private void Harden(WindowPass pass, ImageSize size, Span<byte> masks)
    {
        var row = new byte[_classes * size.Width];
        for (var first = 0; first < masks.Length / size.PixelCount; first += _classes)
        {
            ClassProbabilities.Harden(method.Classes, pass.Probabilities.Slice(first * size.Width, row.Length), 0.5, row);
            for (var plane = 0; plane < _classes; plane++)
            {
                row.AsSpan(plane * size.Width, size.Width).CopyTo(masks[(((first + plane) * size.PixelCount) + (pass.Row * size.Width))..]);
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
