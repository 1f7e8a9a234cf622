using System.Runtime.InteropServices;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Metrics;
using AmbiSSL.Torch.Networks;
using TorchSharp;
using static AmbiSSL.Torch.Foundation.TensorArithmetic;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Inference;

/// <summary>What one forward gives, on its way to the CPU. Its tensors belong to the dispose scope that it was made in.</summary>
internal sealed class DrawnMasks
{
    private readonly MaskClasses _classes;
    private readonly Tensor _isFinite;
    private readonly Tensor _masks;
    private readonly Tensor _probability;
    private readonly Tensor? _uncertainty;
    private readonly Tensor? _features;

    /// <summary>Thresholds probabilities where they are, so that a byte for each pixel of a mask travels.</summary>
    /// <param name="classes">The classes K of a mask.</param>
    /// <param name="probabilities">[B, N, K, H, W].</param>
    /// <param name="hasUncertainty">Whether the entropy of their mean is asked for; on a CPU that takes no tensor.</param>
    /// <param name="seen">What the encoder sees of the images; null where nobody asks.</param>
    public DrawnMasks(MaskClasses classes, Tensor probabilities, bool hasUncertainty, FeaturePyramid? seen = null)
    {
        using var scope = NewDisposeScope();
        _classes = classes;
        var mean = probabilities.mean([1]);
        _masks = new ClassActivation(classes).Harden(probabilities).ToHost().MoveToOuterDisposeScope();
        _probability = mean.ToHost().MoveToOuterDisposeScope();
        _uncertainty = hasUncertainty && mean.device_type != DeviceType.CPU ? Entropy(classes, mean).ToHost().MoveToOuterDisposeScope() : null;
        _features = seen?.CoarsestMeans().ToHost().MoveToOuterDisposeScope();

        // A comparison would take what is no number for background; in a mean it stays what it is. This is computed last: who reads it has all.
        _isFinite = mean.isfinite().all().MoveToOuterDisposeScope();
    }

    /// <summary>Number B of images.</summary>
    public int Images => (int)_masks.shape[0];

    /// <summary>Waits for the device.</summary>
    /// <param name="masks">Receives [B, N, K, H, W], 1 where a pixel is of the class.</param>
    /// <param name="probability">Receives [B, K, H, W], the mean over the samples.</param>
    /// <param name="uncertainty">Receives [B, H, W], the entropy of the mean in bits, where that was asked for.</param>
    /// <param name="features">Receives [B, F], the mean of each of the coarsest features, where they were asked for.</param>
    /// <exception cref="InvalidOperationException">A probability is no number.</exception>
    public void Read(Span<byte> masks, Span<float> probability, Span<float> uncertainty, Span<float> features = default)
    {
        RequireFinite(_isFinite);
        _masks.bytes.CopyTo(masks);
        MemoryMarshal.Cast<byte, float>(_probability.bytes).CopyTo(probability);
        if (_features is not null)
        {
            MemoryMarshal.Cast<byte, float>(_features.bytes).CopyTo(features);
        }

        if (_uncertainty is not null)
        {
            MemoryMarshal.Cast<byte, float>(_uncertainty.bytes).CopyTo(uncertainty);
        }
        else if (!uncertainty.IsEmpty)
        {
            var pixels = uncertainty.Length / Images;
            for (var image = 0; image < Images; image++)
            {
                var own = probability.Slice(image * pixels * _classes.Count, pixels * _classes.Count);
                ClassProbabilities.Entropy(_classes, own, uncertainty.Slice(image * pixels, pixels));
            }
        }
    }

    /// <summary>Gives its tensors to the scope around the current one.</summary>
    public DrawnMasks MoveToOuterDisposeScope()
    {
        Tensor?[] all = [_masks, _probability, _uncertainty, _features, _isFinite];
        Array.ForEach(all, tensor => tensor?.MoveToOuterDisposeScope());
        return this;
    }

    /// <summary>What <see cref="ClassProbabilities.Entropy"/> computes of probabilities [B, K, H, W], [B, H, W] on their device.</summary>
    public static Tensor Entropy(MaskClasses classes, Tensor probability)
    {
        using var scope = NewDisposeScope();
        var p = probability.to(ScalarType.Float64);
        var nats = classes.Overlap
            ? special.entr(p).Plus(special.entr(OneMinus(p))).mean([1])
            : special.entr(p).sum(1).Plus(special.entr(OneMinus(p.sum(1)).NotBelow(0)));
        return nats.Over(Math.Log(2)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>Checks that probabilities are numbers.</summary>
    /// <param name="isFinite">Whether all are; reading it waits for the device.</param>
    /// <exception cref="InvalidOperationException">One is not.</exception>
    public static void RequireFinite(Tensor isFinite)
    {
        if (!isFinite.item<bool>())
        {
            throw new InvalidOperationException(
                "The model gave probabilities that are no numbers; check that the image's values are of the scale that it was trained on, or train "
                + "the model again.");
        }
    }
}
