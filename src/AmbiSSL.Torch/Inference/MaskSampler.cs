using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>Draws masks with trained networks. Several threads may draw at once.</summary>
/// <param name="method">The networks, in evaluation mode on the device.</param>
/// <param name="shape">Size of the images.</param>
/// <param name="seed">Of the noise, which depends on nothing else but the image.</param>
/// <param name="device">Where they compute.</param>
internal sealed class MaskSampler(SegmentationMethod method, ImageShape shape, int seed, Device device)
{
    /// <summary>Draws masks for images that are computed together.</summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="samples">Masks N for each image.</param>
    /// <param name="masks">Receives [B, N, H, W], 1 where the probability of the foreground is above one half.</param>
    /// <param name="probability">Receives [B, H, W], the mean over the samples of the probability of the foreground.</param>
    /// <remarks>
    /// A forward over several images takes 0.3 to 1.3 times as long as one for each (benchmark "batching"), but libtorch then sums in another
    /// order: two thirds of ResNet34's probabilities get other last bits, and a pixel near one half may change sides.
    /// </remarks>
    public void Masks(ReadOnlySpan<float> images, int samples, Span<byte> masks, Span<float> probability)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var probabilities = method.Probabilities(Pixels(images), Noise(images, samples));
        Harden(probabilities, masks);
        MemoryMarshal.Cast<byte, float>(probabilities.mean([1]).cpu().contiguous().bytes).CopyTo(probability);
    }

    /// <summary>Draws each annotator's own mask for images that are computed together.</summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="masks">Receives [B, A, H, W], 1 where the probability of the annotator's foreground is above one half.</param>
    public void AnnotatorMasks(ReadOnlySpan<float> images, Span<byte> masks)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Harden(method.AnnotatorProbabilities(Pixels(images), Noise(images, method.AnnotatorNoiseVectors)), masks);
    }

    /// <summary>The mean over an image [C, H, W] of each of the encoder's coarsest features.</summary>
    public float[] Features(ReadOnlySpan<float> image)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var encoder = method.modules().OfType<FeatureEncoder>().First();
        return [.. encoder.Encode(Pixels(image)).Levels[^1].mean([2, 3]).cpu().data<float>()];
    }

    /// <summary>Refuses probabilities that are no numbers.</summary>
    /// <exception cref="InvalidOperationException">Some are not.</exception>
    public static void RequireNumbers(Tensor probabilities)
    {
        // A comparison would take what is no number for background.
        if (!probabilities.isfinite().all().item<bool>())
        {
            throw new InvalidOperationException(
                "The model gave probabilities that are no numbers; check that the image's values are of the scale that it was trained on, or train "
                + "the model again.");
        }
    }

    private static void Harden(Tensor probabilities, Span<byte> masks)
    {
        RequireNumbers(probabilities);
        probabilities.IsAbove(0.5).to(ScalarType.Byte).cpu().contiguous().bytes.CopyTo(masks);
    }

    /// <summary>[B, C, H, W].</summary>
    private Tensor Pixels(ReadOnlySpan<float> images)
    {
        var pixels = empty(images.Length / shape.Length, shape.Channels, shape.Height, shape.Width);
        images.CopyTo(MemoryMarshal.Cast<byte, float>(pixels.bytes));
        return pixels.to(device);
    }

    /// <summary>[B, vectors, D].</summary>
    private Tensor Noise(ReadOnlySpan<float> images, int vectors)
    {
        var batch = images.Length / shape.Length;
        var noise = new Tensor[batch];
        for (var i = 0; i < batch; i++)
        {
            var image = images.Slice(i * shape.Length, shape.Length);
            noise[i] = new SampleNoise(image, seed).Draw(vectors, method.NoiseDimensions, method.CodeSampling);
        }

        return stack(noise).to(device);
    }
}
