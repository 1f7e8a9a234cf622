using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Methods;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Training;

/// <summary>Makes augmented batches on the training device from cached images.</summary>
internal sealed class BatchLoader
{
    private readonly ImageCache _images;
    private readonly IntensityScale _scale;
    private readonly int _annotators;
    private readonly bool _isByReader;
    private readonly Augmentation _augmentation;
    private readonly Device _device;
    private readonly AugmentationOptions _options;

    /// <param name="images">The images.</param>
    /// <param name="scale">The model's intensities.</param>
    /// <param name="annotators">Masks A of each labeled image.</param>
    /// <param name="isByReader">Whether each mask is to be at its reader's position, A being the number of readers.</param>
    /// <param name="augmentation">How images are changed.</param>
    /// <param name="device">The training device.</param>
    public BatchLoader(
        ImageCache images, IntensityScale scale, int annotators, bool isByReader, AugmentationOptions augmentation, Device device)
    {
        _images = images;
        _scale = scale;
        _annotators = annotators;
        _isByReader = isByReader;
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
        var (annotations, presence) = Annotations(labeled);
        var ignored = Ignored(labeled);
        var (images, moved) = _augmentation.Weak(Pixels(labeled), ignored is null ? annotations : cat([annotations, ignored], 1), generator);
        var masks = ignored is null ? moved! : moved!.narrow(1, 0, _annotators);
        var counted = ignored is null ? null : OneMinus(moved!.narrow(1, _annotators, _annotators));
        if (_options.StrongLabeled)
        {
            images = _augmentation.Strong(images, generator);
        }

        if (_options.CutMixLabeled && _augmentation.Rectangles(images, generator) is { } rectangles)
        {
            // What a reader of the image would draw in a neighbor that the reader did not outline is not known.
            rectangles = presence is null ? rectangles : rectangles.logical_and(presence.le(presence.roll(1, 0)).all(1).view(-1, 1, 1, 1));
            images = where(rectangles, images.roll(1, 0), images);
            masks = where(rectangles, masks.roll(1, 0), masks);
            counted = counted is null ? null : where(rectangles, counted.roll(1, 0), counted);
        }

        if (unlabeled.IsEmpty)
        {
            return new TrainingBatch(images, masks, null, null, null, _isByReader, presence, counted);
        }

        var (weak, _) = _augmentation.Weak(Pixels(unlabeled), null, generator);
        var strong = _augmentation.Strong(weak, generator);
        var pasted = _augmentation.Rectangles(strong, generator);
        return new TrainingBatch(images, masks, weak, pasted is null ? strong : where(pasted, images, strong), pasted, _isByReader, presence, counted);
    }

    private Tensor Pixels(ReadOnlySpan<int> indices)
    {
        var shape = _images.Shape;
        var batch = empty(indices.Length, shape.Channels, shape.Height, shape.Width);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (var i = 0; i < indices.Length; i++)
        {
            _images.ReadPixels(indices[i], _scale, values.Slice(i * shape.Length, shape.Length));
        }

        return batch.ToDevice(_device);
    }

    /// <summary>[B, A, H, W], 1 where a mask's pixel does not count; null where all count.</summary>
    private Tensor? Ignored(ReadOnlySpan<int> indices)
    {
        var length = _annotators * _images.Shape.PixelCount;
        var values = new float[0];
        for (var i = 0; i < indices.Length; i++)
        {
            if (_images.HasIgnored(indices[i]))
            {
                values = values.Length == 0 ? new float[indices.Length * length] : values;
                _images.ReadIgnored(indices[i], _annotators, _isByReader, values.AsSpan(i * length, length));
            }
        }

        return values.Length == 0
            ? null
            : tensor(values).view(indices.Length, _annotators, _images.Shape.Height, _images.Shape.Width).ToDevice(_device);
    }

    /// <summary>[B, A, H, W], and [B, A] where readers are absent.</summary>
    private (Tensor Masks, Tensor? Presence) Annotations(ReadOnlySpan<int> indices)
    {
        var shape = _images.Shape;
        var batch = empty(indices.Length, _annotators, shape.Height, shape.Width);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        var length = _annotators * shape.PixelCount;
        var presence = new float[_isByReader ? indices.Length * _annotators : 0];
        for (var i = 0; i < indices.Length; i++)
        {
            var masks = values.Slice(i * length, length);
            if (_isByReader)
            {
                _images.ReadAnnotations(indices[i], masks, presence.AsSpan(i * _annotators, _annotators));
            }
            else
            {
                _images.ReadAnnotations(indices[i], _annotators, masks);
            }
        }

        return (batch.ToDevice(_device), presence.Contains(0) ? tensor(presence).view(-1, _annotators).ToDevice(_device) : null);
    }
}
