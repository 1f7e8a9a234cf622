using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>What is learned from on unlabeled images.</summary>
/// <param name="Masks">[B, A, H, W], 0 to 1.</param>
/// <param name="Counted">[B, A, H, W], 1 where a pixel counts and 0 where it does not; null where all do.</param>
internal sealed record PseudoLabels(Tensor Masks, Tensor? Counted)
{
    /// <summary>One mask [B, 1, H, W] of each set, by indices [B] of type Int64.</summary>
    public PseudoLabels Select(Tensor index) => new(MaskSets.Select(Masks, index), Counted is null ? null : MaskSets.Select(Counted, index));
}
