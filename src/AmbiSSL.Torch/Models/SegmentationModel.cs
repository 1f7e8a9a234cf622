using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL;

/// <summary>A trained model: draws masks, saves and loads. Its methods may be called from several threads at once.</summary>
public sealed class SegmentationModel : IDisposable
{
    private readonly Device _device;
    private bool _disposed;

    internal SegmentationModel(SegmentationOptions options, ImageFormat images, int annotators, SegmentationMethod method, Device device)
    {
        Options = options;
        Images = images;
        Annotators = annotators;
        Method = method;
        _device = device;
        Method.to(device);
    }

    /// <summary>The options it was trained with; the seed is the one that was used.</summary>
    public SegmentationOptions Options { get; private set; }

    /// <summary>Size of the images it was trained on and accepts.</summary>
    public ImageShape Shape => Images.Shape;

    /// <summary>Size, scale of intensities and preprocessing of the images it was trained on, by which others are brought to its size.</summary>
    public ImageFormat Images { get; }

    /// <summary>Most masks that a training image had.</summary>
    public int Annotators { get; }

    /// <summary>
    /// Epochs after which the weights were taken: with a validation set those with the lowest generalized energy distance on it, otherwise
    /// all.
    /// </summary>
    public int TrainedEpochs { get; internal set; }

    /// <summary>Whether the method knows its annotators apart, so that <see cref="SampleAnnotators"/> can be asked.</summary>
    public bool KnowsAnnotators => Method.KnowsAnnotators;

    /// <summary>Who the annotators are; <see langword="null"/> where the method does not know them apart.</summary>
    public AnnotatorIdentity? AnnotatorIdentity =>
        KnowsAnnotators && Options is AnnotatorAwareOptions options ? options.AnnotatorIdentity : null;

    /// <summary>Number of weights.</summary>
    public long ParameterCount => Method.parameters().Sum(parameter => parameter.numel());

    internal SegmentationMethod Method { get; }

    /// <summary>
    /// Samples from now on as other options say, which differ from the model's own in nothing that concerns training. Not while another
    /// thread samples.
    /// </summary>
    internal void SampleAs(SegmentationOptions options)
    {
        Options = options with { Seed = Options.Seed };
        Method.SampleAs(options);
    }

    /// <summary>
    /// Draws masks for a batch. Those of an image depend on the model, its seed and the image's values alone; to the last bit, where each
    /// image has a forward of its own.
    /// </summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="samples">Masks N for each image; the first of them are the same whatever N is.</param>
    /// <param name="masks">Receives [B, N, H, W], 1 where the probability of the foreground is above one half.</param>
    /// <param name="probability">Receives [B, H, W], the mean over the samples of the probability of the foreground.</param>
    /// <param name="imagesPerForward">
    /// Most images that are computed together. With more than one, rounding depends on the images that are computed together.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is less than 1.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Sample(ReadOnlySpan<float> images, int samples, Span<byte> masks, Span<float> probability, int imagesPerForward = 1)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(imagesPerForward, 1);
        var batch = images.Length / Shape.Length;
        var (maskLength, probabilityLength) = (samples * Shape.PixelCount, Shape.PixelCount);
        RequireLength(images.Length, batch * Shape.Length, nameof(images));
        RequireLength(masks.Length, batch * maskLength, nameof(masks));
        RequireLength(probability.Length, batch * probabilityLength, nameof(probability));
        for (var first = 0; first < batch; first += imagesPerForward)
        {
            var count = Math.Min(imagesPerForward, batch - first);
            SampleTogether(
                images.Slice(first * Shape.Length, count * Shape.Length),
                samples,
                masks.Slice(first * maskLength, count * maskLength),
                probability.Slice(first * probabilityLength, count * probabilityLength));
        }
    }

    /// <summary>
    /// Draws each annotator's own mask for a batch. Those of an image depend on the model, its seed and the image's values alone; to the last
    /// bit, where each image has a forward of its own.
    /// </summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="masks">
    /// Receives [B, A, H, W] for <see cref="Annotators"/> A, 1 where the probability of the annotator's foreground is above one half.
    /// </param>
    /// <param name="imagesPerForward">
    /// Most images that are computed together. With more than one, rounding depends on the images that are computed together.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit, or a number is less than 1.</exception>
    /// <exception cref="NotSupportedException">The method does not know its annotators apart.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void SampleAnnotators(ReadOnlySpan<float> images, Span<byte> masks, int imagesPerForward = 1)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(imagesPerForward, 1);
        if (!KnowsAnnotators)
        {
            throw new NotSupportedException(
                $"The model was trained with {Options.Method}, which does not know its annotators apart; ask for their masks from a method "
                + $"whose options derive from {nameof(AnnotatorAwareOptions)}, such as {GlobalConfusionMatrixOptions.Word}, "
                + $"{PixelConfusionMatrixOptions.Word}, {PiononoOptions.Word} or {DPersonaOptions.Word}.");
        }

        var batch = images.Length / Shape.Length;
        var length = Annotators * Shape.PixelCount;
        RequireLength(images.Length, batch * Shape.Length, nameof(images));
        RequireLength(masks.Length, batch * length, nameof(masks));
        for (var first = 0; first < batch; first += imagesPerForward)
        {
            var count = Math.Min(imagesPerForward, batch - first);
            SampleAnnotatorsTogether(images.Slice(first * Shape.Length, count * Shape.Length), masks.Slice(first * length, count * length));
        }
    }

    /// <summary>Writes the model as a safetensors stream, its options in the metadata. The stream stays open and need not seek.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelFile.Write(stream, Method, Options, Images, Annotators, TrainedEpochs);
    }

    /// <summary>Writes the model to a safetensors file, under a temporary name first.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Reads what <see cref="Save(Stream)"/> wrote. The caller disposes the model.</summary>
    /// <param name="stream">Need not seek; it stays open.</param>
    /// <param name="name">What error messages call the source.</param>
    /// <param name="device">Where the model computes.</param>
    /// <exception cref="InvalidDataException">The data is cut short, damaged or foreign.</exception>
    public static SegmentationModel Load(Stream stream, string name, ComputeDevice device = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var target = device.Resolve();
        var (method, options, images, annotators, trainedEpochs) = ModelFile.Read(stream, name);
        method.eval();
        return new SegmentationModel(options, images, annotators, method, target) { TrainedEpochs = trainedEpochs };
    }

    /// <summary>Reads a file that <see cref="Save(string)"/> wrote. The caller disposes the model.</summary>
    /// <exception cref="InvalidDataException">The file is cut short, damaged or foreign.</exception>
    public static SegmentationModel Load(string path, ComputeDevice device = default)
    {
        using var stream = File.OpenRead(path);
        return Load(stream, path, device);
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            Method.Dispose();
        }
    }

    private static void RequireLength(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{name} has {actual} values; {expected} are needed.", name);
        }
    }

    /// <remarks>
    /// A forward over several images takes 0.3 to 1.3 times as long as one for each (benchmark "batching"), but libtorch then sums in another
    /// order: two thirds of ResNet34's probabilities get other last bits, and a pixel near one half may change sides.
    /// </remarks>
    private void SampleTogether(ReadOnlySpan<float> images, int samples, Span<byte> masks, Span<float> probability)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var probabilities = Method.Sample(Pixels(images), Noise(images, samples).Times(Options.NoiseScale));
        Harden(probabilities, masks);
        MemoryMarshal.Cast<byte, float>(probabilities.mean([1]).cpu().contiguous().bytes).CopyTo(probability);

        // Where nobody holds the model any more, its finalizer would free the weights that libtorch reads.
        GC.KeepAlive(this);
    }

    private void SampleAnnotatorsTogether(ReadOnlySpan<float> images, Span<byte> masks)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Harden(Method.AnnotatorProbabilities(Pixels(images), Noise(images, Method.AnnotatorNoiseVectors)), masks);

        // Where nobody holds the model any more, its finalizer would free the weights that libtorch reads.
        GC.KeepAlive(this);
    }

    private static void Harden(Tensor probabilities, Span<byte> masks) =>
        probabilities.IsAbove(0.5).to(ScalarType.Byte).cpu().contiguous().bytes.CopyTo(masks);

    /// <summary>[B, C, H, W].</summary>
    private Tensor Pixels(ReadOnlySpan<float> images)
    {
        var pixels = empty(images.Length / Shape.Length, Shape.Channels, Shape.Height, Shape.Width);
        images.CopyTo(MemoryMarshal.Cast<byte, float>(pixels.bytes));
        return pixels.to(_device);
    }

    /// <summary>[B, vectors, D].</summary>
    private Tensor Noise(ReadOnlySpan<float> images, int vectors)
    {
        var batch = images.Length / Shape.Length;
        var noise = empty(batch, vectors, Method.NoiseDimensions);
        var values = MemoryMarshal.Cast<byte, float>(noise.bytes);
        var length = vectors * Method.NoiseDimensions;
        for (var i = 0; i < batch; i++)
        {
            new SampleNoise(images.Slice(i * Shape.Length, Shape.Length), Options.Seed!.Value).Fill(values.Slice(i * length, length));
        }

        return noise.to(_device);
    }
}
