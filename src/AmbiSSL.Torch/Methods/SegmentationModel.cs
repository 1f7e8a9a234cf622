using System.Runtime.InteropServices;
using AmbiSSL.Torch.Data;
using AmbiSSL.Torch.Persistence;
using AmbiSSL.Torch.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>A trained model: draws masks, saves and loads. Its methods may be called from several threads at once.</summary>
public sealed class SegmentationModel : IDisposable
{
    private readonly Device _device;
    private bool _disposed;

    internal SegmentationModel(SegmentationOptions options, ImageShape shape, int annotators, SegmentationMethod method, Device device)
    {
        Options = options;
        Shape = shape;
        Annotators = annotators;
        Method = method;
        _device = device;
        Method.to(device);
    }

    /// <summary>The options it was trained with; the seed is the one that was used.</summary>
    public SegmentationOptions Options { get; private set; }

    /// <summary>Size of the images it was trained on and accepts.</summary>
    public ImageShape Shape { get; }

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

    /// <summary>Draws masks for a batch. Those of an image depend on the model, its seed and the image's values alone.</summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="samples">Masks N for each image; the first of them are the same whatever N is.</param>
    /// <param name="masks">Receives [B, N, H, W], 1 where the probability of the foreground is above one half.</param>
    /// <param name="probability">Receives [B, H, W], the mean over the samples of the probability of the foreground.</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Sample(ReadOnlySpan<float> images, int samples, Span<byte> masks, Span<float> probability)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        var batch = images.Length / Shape.Length;
        RequireLength(images.Length, batch * Shape.Length, nameof(images));
        RequireLength(masks.Length, batch * samples * Shape.PixelCount, nameof(masks));
        RequireLength(probability.Length, batch * Shape.PixelCount, nameof(probability));
        for (var i = 0; i < batch; i++)
        {
            SampleOne(
                images.Slice(i * Shape.Length, Shape.Length),
                samples,
                masks.Slice(i * samples * Shape.PixelCount, samples * Shape.PixelCount),
                probability.Slice(i * Shape.PixelCount, Shape.PixelCount));
        }
    }

    /// <summary>
    /// Draws each annotator's own mask for a batch. Those of an image depend on the model, its seed and the image's values alone.
    /// </summary>
    /// <param name="images">[B, C, H, W].</param>
    /// <param name="masks">
    /// Receives [B, A, H, W] for <see cref="Annotators"/> A, 1 where the probability of the annotator's foreground is above one half.
    /// </param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    /// <exception cref="NotSupportedException">The method does not know its annotators apart.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void SampleAnnotators(ReadOnlySpan<float> images, Span<byte> masks)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
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
        for (var i = 0; i < batch; i++)
        {
            SampleAnnotatorsOfOne(images.Slice(i * Shape.Length, Shape.Length), masks.Slice(i * length, length));
        }
    }

    /// <summary>Writes the model as a safetensors stream, its options in the metadata. The stream stays open and need not seek.</summary>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ObjectDisposedException.ThrowIf(_disposed, this);
        ModelFile.Write(stream, Method, Options, Shape, Annotators, TrainedEpochs);
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
        var (method, options, shape, annotators, trainedEpochs) = ModelFile.Read(stream, name);
        method.eval();
        return new SegmentationModel(options, shape, annotators, method, target) { TrainedEpochs = trainedEpochs };
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

    /// <summary>
    /// One image at a time. A forward over several takes 0.3 to 1.3 times as long as one for each (benchmark "batching"), but libtorch then
    /// sums in another order: two thirds of ResNet34's probabilities get other last bits, and a pixel near one half may change sides. What an
    /// image gets is to depend on the image alone, not on those that happen to be read with it.
    /// </summary>
    private void SampleOne(ReadOnlySpan<float> image, int samples, Span<byte> masks, Span<float> probability)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var probabilities = Method.Sample(Pixels(image), Noise(image, samples) * Options.NoiseScale);
        Harden(probabilities, masks);
        MemoryMarshal.Cast<byte, float>(probabilities.mean([1]).cpu().contiguous().bytes).CopyTo(probability);
    }

    private void SampleAnnotatorsOfOne(ReadOnlySpan<float> image, Span<byte> masks)
    {
        using var denormals = DenormalNumbers.TakeForZero();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Harden(Method.AnnotatorProbabilities(Pixels(image), Noise(image, Method.AnnotatorNoiseVectors)), masks);
    }

    private static void Harden(Tensor probabilities, Span<byte> masks) =>
        probabilities.gt(0.5).to(ScalarType.Byte).cpu().contiguous().bytes.CopyTo(masks);

    /// <summary>[1, C, H, W].</summary>
    private Tensor Pixels(ReadOnlySpan<float> image)
    {
        var pixels = empty(1, Shape.Channels, Shape.Height, Shape.Width);
        image.CopyTo(MemoryMarshal.Cast<byte, float>(pixels.bytes));
        return pixels.to(_device);
    }

    /// <summary>[1, vectors, D].</summary>
    private Tensor Noise(ReadOnlySpan<float> image, int vectors)
    {
        var noise = empty(1, vectors, Method.NoiseDimensions);
        new SampleNoise(image, Options.Seed!.Value).Fill(MemoryMarshal.Cast<byte, float>(noise.bytes));
        return noise.to(_device);
    }
}
