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
    private readonly CropChooser? _crops;
    private readonly ImageShape _shape;
    private readonly ImageSize _read;
    private readonly Device _device;
    private readonly AugmentationOptions _options;

    /// <param name="images">The images.</param>
    /// <param name="scale">The model's intensities.</param>
    /// <param name="annotators">Masks A of each labeled image.</param>
    /// <param name="isByReader">Whether each mask is to be at its reader's position, A being the number of readers.</param>
    /// <param name="augmentation">How images are changed.</param>
    /// <param name="device">The training device.</param>
    /// <param name="windows">Size of the crops that are taken, and what they are about; null for whole images, which have one size.</param>
    public BatchLoader(
        ImageCache images,
        IntensityScale scale,
        int annotators,
        bool isByReader,
        AugmentationOptions augmentation,
        Device device,
        WindowOptions? windows = null)
    {
        _images = images;
        _scale = scale;
        _annotators = annotators;
        _isByReader = isByReader;
        _augmentation = new Augmentation(augmentation);
        _options = augmentation;
        _device = device;
        _shape = windows is null ? images.Shape : images.Shape.WithSize(windows.Size);
        _read = windows is null ? _shape.Size : Around(windows.Size, augmentation);
        _crops = windows is null ? null : new CropChooser(images, windows);
    }

    // Of each image: those of the classes of a mask one after the other.
    private int Planes => _annotators * _images.Classes.Count;

    /// <summary>How often an epoch takes an image: once, or as many crops of it as would cover it.</summary>
    /// <param name="index">Position of the image.</param>
    public int TurnsOf(int index) => _crops?.Count(index) ?? 1;

    /// <summary>A batch in the caller's dispose scope.</summary>
    /// <param name="labeled">Positions of the labeled images.</param>
    /// <param name="unlabeled">Positions of the unlabeled images; may be empty.</param>
    /// <param name="generator">Source of the augmentation.</param>
    public TrainingBatch Load(ReadOnlySpan<int> labeled, ReadOnlySpan<int> unlabeled, Generator generator)
    {
        var crops = Crops(labeled, generator);
        var (annotations, own) = Annotations(labeled, crops);
        var ignored = Ignored(labeled, crops);
        var (images, moved) = Weak(Pixels(labeled, crops), ignored is null ? annotations : cat([annotations, ignored], 1), generator);
        var masks = ignored is null ? moved! : moved!.narrow(1, 0, Planes);
        var counted = ignored is null ? null : OneMinus(moved!.narrow(1, Planes, _annotators));
        if (_options.StrongLabeled)
        {
            images = _augmentation.Strong(images, generator);
        }

        if (_options.CutMixLabeled && _augmentation.Rectangles(images, generator) is { } rectangles)
        {
            // What a reader of the image would draw in a neighbor that the reader did not outline is not known.
            rectangles = own is null || !_isByReader ? rectangles : rectangles.logical_and(own.le(own.roll(1, 0)).all(1).view(-1, 1, 1, 1));
            images = where(rectangles, images.roll(1, 0), images);
            masks = where(rectangles, masks.roll(1, 0), masks);
            counted = counted is null ? null : where(rectangles, counted.roll(1, 0), counted);
        }

        var sets = masks.unflatten(1, _annotators, -1);
        counted = counted?.unsqueeze(2);
        if (unlabeled.IsEmpty)
        {
            return new TrainingBatch(images, sets, null, null, null, _isByReader, own, counted);
        }

        var (weak, _) = Weak(Pixels(unlabeled, Crops(unlabeled, generator)), null, generator);
        var strong = _augmentation.Strong(weak, generator);
        var pasted = _augmentation.Rectangles(strong, generator);
        return new TrainingBatch(
            images, sets, weak, pasted is null ? strong : where(pasted, images, strong), pasted?.unsqueeze(2), _isByReader, own, counted);
    }

    /// <summary>The size about a crop that shows all that turns into it.</summary>
    private static ImageSize Around(ImageSize crop, AugmentationOptions augmentation)
    {
        if (augmentation.RotationProbability == 0 || augmentation.RotationDegrees == 0)
        {
            return crop;
        }

        var diagonal = Math.Sqrt(((double)crop.Height * crop.Height) + ((double)crop.Width * crop.Width));
        return new ImageSize(Grown(crop.Height), Grown(crop.Width));

        int Grown(int side) => side + (2 * (int)Math.Ceiling((diagonal - side) / 2));
    }

    /// <summary>The parts of images that are read; where they are whole, nothing is drawn.</summary>
    private ImageCrop[] Crops(ReadOnlySpan<int> indices, Generator generator)
    {
        var crops = new ImageCrop[indices.Length];
        using var scope = NewDisposeScope();
        var draws = _crops is null ? [] : rand([indices.Length, 3], ScalarType.Float64, generator: generator).data<double>().ToArray();
        for (var i = 0; i < crops.Length; i++)
        {
            crops[i] = _crops?.Choose(indices[i], draws.AsSpan(3 * i, 3)).Grown(_read) ?? new ImageCrop(0, 0, _read);
        }

        return crops;
    }

    /// <summary>The weak view of what was read, in the middle of it.</summary>
    private (Tensor Images, Tensor? Masks) Weak(Tensor images, Tensor? masks, Generator generator)
    {
        var (movedImages, movedMasks) = _augmentation.Weak(images, masks, generator);
        return (Middle(movedImages), movedMasks is null ? null : Middle(movedMasks));

        Tensor Middle(Tensor values) => _read == _shape.Size
            ? values
            : values.narrow(2, (_read.Height - _shape.Height) / 2, _shape.Height).narrow(3, (_read.Width - _shape.Width) / 2, _shape.Width).contiguous();
    }

    /// <summary>[B, C, H, W].</summary>
    private Tensor Pixels(ReadOnlySpan<int> indices, ImageCrop[] crops)
    {
        var length = _shape.WithSize(_read).Length;
        var batch = empty(indices.Length, _shape.Channels, _read.Height, _read.Width);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        for (var i = 0; i < indices.Length; i++)
        {
            var image = values.Slice(i * length, length);
            if (_crops is null)
            {
                _images.ReadPixels(indices[i], _scale, image);
            }
            else
            {
                _images.ReadPixels(indices[i], crops[i], _scale, image);
            }
        }

        return batch.ToDevice(_device);
    }

    /// <summary>[B, A, H, W], 1 where a mask's pixel does not count, as none does beyond an image; null where all count.</summary>
    private Tensor? Ignored(ReadOnlySpan<int> indices, ImageCrop[] crops)
    {
        var length = _annotators * _read.PixelCount;
        var values = new float[0];
        for (var i = 0; i < indices.Length; i++)
        {
            var isInside = _crops is null || crops[i].IsInside(_images.ShapeOf(indices[i]).Size);
            if (isInside && !_images.HasIgnored(indices[i]))
            {
                continue;
            }

            values = values.Length == 0 ? new float[indices.Length * length] : values;
            var own = values.AsSpan(i * length, length);
            if (_images.HasIgnored(indices[i]))
            {
                _images.ReadIgnored(indices[i], _annotators, _isByReader, crops[i], own);
            }

            if (!isInside)
            {
                IgnoreBeyond(_images.ShapeOf(indices[i]).Size, crops[i], own);
            }
        }

        return values.Length == 0 ? null : tensor(values).view(indices.Length, _annotators, _read.Height, _read.Width).ToDevice(_device);
    }

    /// <summary>Sets 1 in each plane where a part shows nothing of the image.</summary>
    private static void IgnoreBeyond(ImageSize image, ImageCrop crop, Span<float> planes)
    {
        var ((top, bottom), (left, right)) = (crop.Rows(image), crop.Columns(image));
        for (var row = 0; row < planes.Length / crop.Size.Width; row++)
        {
            var line = planes.Slice(row * crop.Size.Width, crop.Size.Width);
            var y = crop.Top + (row % crop.Size.Height);
            if (y < top || y >= bottom)
            {
                line.Fill(1);
            }

            line[..(left - crop.Left)].Fill(1);
            line[(right - crop.Left)..].Fill(1);
        }
    }

    /// <summary>[B, A·K, H, W], and which masks are no repetitions [B, A]; null where all are.</summary>
    private (Tensor Masks, Tensor? Own) Annotations(ReadOnlySpan<int> indices, ImageCrop[] crops)
    {
        var batch = empty(indices.Length, Planes, _read.Height, _read.Width);
        var values = MemoryMarshal.Cast<byte, float>(batch.bytes);
        var length = Planes * _read.PixelCount;
        var own = new float[indices.Length * _annotators];
        for (var i = 0; i < indices.Length; i++)
        {
            var masks = values.Slice(i * length, length);
            var ownOfImage = own.AsSpan(i * _annotators, _annotators);
            if (_isByReader)
            {
                _images.ReadAnnotations(indices[i], crops[i], masks, ownOfImage);
            }
            else
            {
                _images.ReadAnnotations(indices[i], _annotators, crops[i], masks);
                ownOfImage[..Math.Min(_annotators, _images.AnnotationCount(indices[i]))].Fill(1);
            }
        }

        return (batch.ToDevice(_device), own.Contains(0) ? tensor(own).view(-1, _annotators).ToDevice(_device) : null);
    }
}
