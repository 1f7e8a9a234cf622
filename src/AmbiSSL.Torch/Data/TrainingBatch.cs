using static TorchSharp.torch;

namespace AmbiSSL.Torch.Data;

/// <summary>The images of one step, on the training device; they belong to the dispose scope they were made in, unless they are detached.</summary>
/// <param name="LabeledImages">[B, C, H, W], weakly augmented.</param>
/// <param name="Annotations">[B, A, H, W], 0 or 1, with the same geometry.</param>
/// <param name="WeakImages">Unlabeled [B, C, H, W], weakly augmented; <see langword="null"/> where none are used.</param>
/// <param name="StrongImages">The same with the same geometry, strongly augmented.</param>
internal sealed record TrainingBatch(Tensor LabeledImages, Tensor Annotations, Tensor? WeakImages, Tensor? StrongImages) : IDisposable
{
    private IEnumerable<Tensor> Tensors => new[] { LabeledImages, Annotations, WeakImages, StrongImages }.OfType<Tensor>();

    /// <summary>The same batch outside the dispose scope it was made in: who has it disposes it, on any thread.</summary>
    public TrainingBatch Detach()
    {
        foreach (var tensor in Tensors)
        {
            tensor.DetachFromDisposeScope();
        }

        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
        {
            tensor.Dispose();
        }
    }
}
