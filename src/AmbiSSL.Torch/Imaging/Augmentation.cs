using AmbiSSL.Torch.Foundation;
using TorchSharp;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Imaging;

/// <summary>Random changes of whole batches, as tensor operations on the device of the images.</summary>
internal sealed class Augmentation
{
    private readonly AugmentationOptions _options;

    public Augmentation(AugmentationOptions options) => _options = options;

    /// <summary>
    /// Weak: flips and rotates each image; [B, C, H, W] bilinear with its border repeated. Masks [B, A, H, W], where given, move along,
    /// nearest pixel with nothing outside.
    /// </summary>
    public (Tensor Images, Tensor? Masks) Weak(Tensor images, Tensor? masks, Generator generator)
    {
        using var scope = NewDisposeScope();
        var grid = nn.functional.affine_grid(DrawTransforms(images, generator), images.shape, align_corners: false);
        var movedImages = nn.functional.grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: false);
        var movedMasks = masks is null
            ? null
            : nn.functional.grid_sample(masks, grid, GridSampleMode.Nearest, GridSamplePaddingMode.Zeros, align_corners: false);
        return (movedImages.MoveToOuterDisposeScope(), movedMasks?.MoveToOuterDisposeScope());
    }

    /// <summary>Strong: the geometry of the weak view, with blur, contrast, brightness and noise drawn for each image.</summary>
    public Tensor Strong(Tensor weak, Generator generator)
    {
        using var scope = NewDisposeScope();
        var x = where(Draw(weak, 0, 1, generator).IsBelow(_options.BlurProbability), Blur(weak), weak);
        var mean = x.mean([1, 2, 3], keepdim: true);
        x = mean.Plus((x - mean) * Draw(weak, 1 - _options.Contrast, 1 + _options.Contrast, generator));
        x = x.Plus(Draw(weak, -_options.Brightness, _options.Brightness, generator));
        x = x.Plus(randn(weak.shape, generator: generator).ToDevice(weak.device) * Draw(weak, 0, _options.Noise, generator));
        return x.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Rectangles for CutMix, [B, 1, H, W], true inside: a tenth to a half of the image's area, sides up to twice each other, each inside its
    /// image. Whether an image has one is drawn; <see langword="null"/> where none ever has.
    /// </summary>
    public Tensor? Rectangles(Tensor images, Generator generator)
    {
        if (_options.CutMixProbability == 0)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        var (area, aspect) = (Draw(images, 0.1, 0.5, generator), Draw(images, -Math.Log(2), Math.Log(2), generator).exp());
        var drawn = Draw(images, 0, 1, generator).IsBelow(_options.CutMixProbability);
        var rows = Inside((area * aspect).sqrt(), Centers(images.shape[2]).unsqueeze(1));
        var columns = Inside((area / aspect).sqrt(), Centers(images.shape[3]));
        return drawn.logical_and(rows).logical_and(columns).MoveToOuterDisposeScope();

        Tensor Centers(long pixels) => Range(pixels, ScalarType.Float32, images.device).Plus(0.5).Over(pixels);

        Tensor Inside(Tensor side, Tensor centers)
        {
            var start = Draw(images, 0, 1, generator) * OneMinus(side);
            return centers.ge(start).logical_and(centers.lt(start.Plus(side)));
        }
    }

    private static Tensor Blur(Tensor images)
    {
        var channels = images.shape[1];
        var line = tensor(new float[] { 0.25f, 0.5f, 0.25f }, device: images.device);
        var kernel = line.outer(line).expand(channels, 1, 3, 3);
        return nn.functional.conv2d(nn.functional.pad(images, [1, 1, 1, 1], PaddingModes.Replicate), kernel, groups: channels);
    }

    /// <summary>One number for each image, uniform between the bounds, as [B, 1, 1, 1].</summary>
    private static Tensor Draw(Tensor images, double low, double high, Generator generator) =>
        rand([images.shape[0], 1, 1, 1], generator: generator).Times(high - low).Plus(low).ToDevice(images.device);

    /// <summary>[B, 2, 3], in the normalized coordinates of affine_grid; the aspect ratio keeps angles true on images that are not square.</summary>
    private Tensor DrawTransforms(Tensor images, Generator generator)
    {
        var aspect = (double)images.shape[3] / images.shape[2];
        Tensor Uniform() => rand([images.shape[0]], generator: generator);
        Tensor Sign() => OneMinus(Uniform().IsBelow(_options.FlipProbability).to(ScalarType.Float32).Times(2));
        var rotates = Uniform().IsBelow(_options.RotationProbability).to(ScalarType.Float32);
        var angle = (rotates * Uniform().Times(2).Minus(1)).Times(_options.RotationDegrees * Math.PI / 180);
        var (cosine, sine, flipX, flipY) = (angle.cos(), angle.sin(), Sign(), Sign());
        var none = zeros_like(angle);
        var x = stack([cosine * flipX, (sine.negative() * flipX).Over(aspect), none], 1);
        var y = stack([(sine * flipY).Times(aspect), cosine * flipY, none], 1);
        return stack([x, y], 1).ToDevice(images.device);
    }
}
