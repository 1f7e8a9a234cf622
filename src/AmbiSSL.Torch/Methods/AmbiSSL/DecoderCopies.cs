using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Networks;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>Makes pruned copies of theta and keeps their masks for the schedules that need them again.</summary>
internal sealed class DecoderCopies : IDisposable
{
    private readonly AmbiSSLOptions _options;
    private readonly FeatureDecoder _theta;
    private readonly SegmentationHead _head;
    private readonly Dictionary<FeatureDecoder, Tensor[]> _keepMasks = [];

    public DecoderCopies(AmbiSSLOptions options, FeatureDecoder theta, SegmentationHead head)
    {
        _options = options;
        _theta = theta;
        _head = head;
    }

    /// <summary>Overwrites a decoder with a pruned copy of theta, and, the first time, its head with theta's.</summary>
    public void Make(FeatureDecoder decoder, SegmentationHead head, Generator generator)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        if (!ReferenceEquals(head, _head) && !_keepMasks.ContainsKey(decoder))
        {
            Copy(_head, head);
        }

        Release(decoder);
        _keepMasks[decoder] = [.. DecoderPruning.PrunedWeights(_theta, _options.PruneFromBlock)
            .Select(weight => DecoderPruning.DrawKeepMask(weight, _options, generator).DetachFromDisposeScope())];
        Copy(_theta, decoder);
        Mask(decoder);
    }

    /// <summary>Adds the gradients of a copy's kept weights to theta's (schedule EveryStep).</summary>
    public void ReturnGradients(FeatureDecoder decoder)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        foreach (var (weight, mask) in DecoderPruning.PrunedWeights(decoder, _options.PruneFromBlock).Zip(_keepMasks[decoder]))
        {
            weight.grad?.mul_(mask);
        }

        foreach (var (own, copied) in _theta.parameters().Zip(decoder.parameters()))
        {
            if (copied.grad is { } gradient)
            {
                own.grad?.add_(gradient, TensorArithmetic.One);
            }
        }
    }

    /// <summary>After an update: pruned weights back to zero (FixedMask), or the whole copy back to theta's pruned view (EveryStep).</summary>
    public void Restore(FeatureDecoder decoder)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        if (_options.PruneSchedule == PruneSchedule.EveryStep)
        {
            Copy(_theta, decoder);
        }

        Mask(decoder);
    }

    /// <summary>The keep-masks that a copy was made with, layer by layer; none where it was not made yet. They stay this object's.</summary>
    public IReadOnlyList<Tensor> KeepMasks(FeatureDecoder decoder) => _keepMasks.GetValueOrDefault(decoder) ?? [];

    /// <summary>Takes over the keep-masks of a copy that was made before the run was interrupted; none where it was not made yet.</summary>
    public void RestoreKeepMasks(FeatureDecoder decoder, IEnumerable<Tensor> masks)
    {
        Release(decoder);
        var own = DecoderPruning.PrunedWeights(decoder, _options.PruneFromBlock)
            .Zip(masks, (weight, mask) => mask.to(weight.device, copy: true).DetachFromDisposeScope()).ToArray();
        if (own.Length > 0)
        {
            _keepMasks[decoder] = own;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var decoder in _keepMasks.Keys.ToArray())
        {
            Release(decoder);
        }
    }

    private static void Copy(nn.Module source, nn.Module target)
    {
        foreach (var (from, to) in source.parameters().Zip(target.parameters()))
        {
            to.copy_(from);
        }

        foreach (var (from, to) in source.buffers().Zip(target.buffers()))
        {
            to.copy_(from);
        }
    }

    private void Mask(FeatureDecoder decoder)
    {
        foreach (var (weight, mask) in DecoderPruning.PrunedWeights(decoder, _options.PruneFromBlock).Zip(_keepMasks[decoder]))
        {
            weight.mul_(mask);
        }
    }

    private void Release(FeatureDecoder decoder)
    {
        if (_keepMasks.Remove(decoder, out var masks))
        {
            foreach (var mask in masks)
            {
                mask.Dispose();
            }
        }
    }
}
