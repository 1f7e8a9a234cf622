using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>Draws masks with trained networks. Several threads may draw at once.</summary>
/// <param name="method">The networks, in evaluation mode on the device.</param>
/// <param name="shape">Size of the images.</param>
/// <param name="seed">Of the noise, which depends on nothing else but the image.</param>
/// <param name="device">Where they compute.</param>
/// <param name="mirrors">Whether probabilities are averaged over <see cref="MirrorImages"/>.</param>
/// <remarks>
/// A forward over several images takes 0.3 to 1.3 times as long as one for each on a CPU (benchmark "batching"), but libtorch then sums in another
/// order: two thirds of ResNet34's probabilities get other last bits, and a pixel near one half may change sides. On a GPU most of a forward over one
/// image is the launching of kernels.
/// </remarks>
internal sealed class MaskSampler(SegmentationMethod method, ImageShape shape, int seed, Device device, bool mirrors)
{
    private const int MostImages = 64;

    // Sixty-four images of 128x128: their widest features are a quarter of a gigabyte.
    private const int MostPixels = MostImages * 128 * 128;

    // A CUDA device computes while the host goes on; what it has computed takes memory until it is read.
    private const int MostUnread = 4;

    private readonly Func<Tensor, Tensor, Tensor> _annotators = mirrors ? MirrorImages.Average(method.AnnotatorProbabilities) : method.AnnotatorProbabilities;

    /// <summary>Images that are computed together where nothing else is asked for: one on a CPU, so that each depends on itself alone.</summary>
    public int ImagesPerForward { get; } = device.type == DeviceType.CUDA ? Math.Clamp(MostPixels / shape.PixelCount, 1, MostImages) : 1;

    /// <summary>Draws masks.</summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="samples">Masks N for each image.</param>
    /// <param name="imagesPerForward">Most images that are computed together.</param>
    /// <param name="masks">Receives [B, N, K, H, W], 1 where a pixel is of the class.</param>
    /// <param name="probability">Receives [B, K, H, W], the mean over the samples of the probability of the class.</param>
    /// <param name="uncertainty">Receives [B, H, W], the entropy of the mean in bits, or is empty.</param>
    /// <param name="features">Receives [B, F], as <see cref="Features"/> has them, or is empty.</param>
    public void Masks(
        ReadOnlySpan<float> images, int samples, int imagesPerForward, Span<byte> masks, Span<float> probability, Span<float> uncertainty, Span<float> features)
    {
        var featuresEach = features.IsEmpty ? 0 : features.Length / (images.Length / shape.Length);
        using var denormals = DenormalNumbers.TakeForZero();
        using var inference = inference_mode();
        var (read, classes) = (0, method.Classes.Count);
        while (!images.IsEmpty)
        {
            using var scope = NewDisposeScope();
            var drawn = new List<DrawnMasks>();
            while (!images.IsEmpty && drawn.Count < MostUnread)
            {
                var together = images[..Values(images, imagesPerForward)];
                images = images[together.Length..];
                drawn.Add(Draw(together, samples, !uncertainty.IsEmpty, !features.IsEmpty));
            }

            foreach (var part in drawn)
            {
                var (first, length) = (read * shape.PixelCount, part.Images * shape.PixelCount);
                part.Read(
                    masks.Slice(first * samples * classes, length * samples * classes),
                    probability.Slice(first * classes, length * classes),
                    uncertainty.IsEmpty ? uncertainty : uncertainty.Slice(first, length),
                    features.Slice(read * featuresEach, part.Images * featuresEach));
                read += part.Images;
            }
        }
    }

    /// <summary>Draws each annotator's own mask.</summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="imagesPerForward">Most images that are computed together.</param>
    /// <param name="masks">Receives [B, A, K, H, W], 1 where a pixel is of the annotator's class.</param>
    public void AnnotatorMasks(ReadOnlySpan<float> images, int imagesPerForward, Span<byte> masks)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var inference = inference_mode();
        while (!images.IsEmpty)
        {
            using var scope = NewDisposeScope();
            var together = Pixels(images[..Values(images, imagesPerForward)]);
            images = images[(int)together.numel()..];
            var probabilities = _annotators(together.ToDevice(device), Noise(together, method.AnnotatorNoiseVectors));
            var own = method.Activation.Harden(probabilities).ToHost();
            DrawnMasks.RequireFinite(probabilities.isfinite().all());
            own.bytes.CopyTo(masks);
            masks = masks[own.bytes.Length..];
        }
    }

    /// <summary>The mean over an image [C, H, W] of each of the encoder's coarsest features.</summary>
    public float[] Features(ReadOnlySpan<float> image)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        return [.. method.Encoder.Encode(Pixels(image).ToDevice(device)).CoarsestMeans().cpu().data<float>()];
    }

    /// <summary>One forward; on a CUDA device it has only been asked for when this returns.</summary>
    private DrawnMasks Draw(ReadOnlySpan<float> images, int samples, bool hasUncertainty, bool hasFeatures)
    {
        using var scope = NewDisposeScope();
        var pixels = Pixels(images);
        var moved = pixels.ToDevice(device);
        var noise = Noise(pixels, samples);
        var seen = method.Encoder.Encode(moved);
        var own = method.Probabilities(moved, seen, noise);
        var probabilities = mirrors ? MirrorImages.Average(own, method.Probabilities, moved, noise) : own;
        return new DrawnMasks(method.Classes, probabilities, hasUncertainty, hasFeatures ? seen : null).MoveToOuterDisposeScope();
    }

    private int Values(ReadOnlySpan<float> images, int most) => (int)Math.Min(images.Length, (long)most * shape.Length);

    /// <summary>[B, C, H, W] on the CPU.</summary>
    private Tensor Pixels(ReadOnlySpan<float> images)
    {
        var pixels = empty(images.Length / shape.Length, shape.Channels, shape.Height, shape.Width);
        images.CopyTo(MemoryMarshal.Cast<byte, float>(pixels.bytes));
        return pixels;
    }

    /// <summary>[B, vectors, D] on the device.</summary>
    private Tensor Noise(Tensor images, int vectors) =>
        SampleNoise.DrawEach(images, seed, vectors, method.NoiseDimensions, method.CodeSampling).ToDevice(device);
}
