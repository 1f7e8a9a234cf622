using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>Makes augmented batches on the training device from cached images.</summary>
internal sealed class BatchLoader
{
    private readonly ImageCache _images;
    private readonly int _annotators;
    private readonly Augmentation _augmentation;
    private readonly Device _device;
    private readonly AugmentationOptions _options;

    public BatchLoader(ImageCache images, int annotators, AugmentationOptions augmentation, Device device)
    {
        _images = images;
        _annotators = annotators;
        _augmentation = new Augmentation(augmentation);
        _options = augmentation;
        _device = device;
    }

    /// <summary>A batch in the caller's dispose scope.</summary>
    /// <param name="labeled">Positions of the labeled images.</param>
    /// <param name="unlabeled">Positions of the unlabeled images; may be empty.</param>
    /// <param name="generator">Source of the augmentation.</param>
    public TrainingBatch Load(ReadOnlySpan<int> labeled, ReadOnlySpan<int> unlabeled, Generator generator)
    {
        var (images, masks) = _augmentation.Weak(Pixels(labeled), Annotations(labeled), generator);
        if (_options.StrongLabeled)
        {
            images = _augmentation.Strong(images, generator);
        }

        if (_options.CutMixLabeled && _augmentation.Rectangles(images, generator) is { } rectangles)
        {
            images = where(rectangles, images.roll(1, 0), images);
            masks = where(rectangles, masks!.roll(1, 0), masks!);
        }

        if (unlabeled.IsEmpty)
        {
            return new TrainingBatch(images, masks!, null, null);
        }

        var (weak, _) = _augmentation.Weak(Pixels(unlabeled), null, generator);
        var strong = _augmentation.Strong(weak, generator);
        var pasted = _augmentation.Rectangles(strong, generator);
        return new TrainingBatch(images, masks!, weak, pasted is null ? strong : where(pasted, images, strong), pasted);
    }

    private Tensor Pixels(ReadOnlySpan<int> indices)
    {
        var shape = _images.Shape;
        var batch = empty(indices.Length, shape.Channels, shape.Height, shape.Width);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (var i = 0; i < indices.Length; i++)
        {
            _images.ReadPixels(indices[i], values.Slice(i * shape.Length, shape.Length));
        }

        return batch.ToDevice(_device);
    }

    private Tensor Annotations(ReadOnlySpan<int> indices)
    {
        var shape = _images.Shape;
        var batch = empty(indices.Length, _annotators, shape.Height, shape.Width);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        var length = _annotators * shape.PixelCount;
        for (var i = 0; i < indices.Length; i++)
        {
            _images.ReadAnnotations(indices[i], _annotators, values.Slice(i * length, length));
        }

        return batch.ToDevice(_device);
    }
}
