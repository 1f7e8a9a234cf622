using AmbiSSL.Torch.Losses;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Methods;

/// <summary>The images of one step, on the training device; they belong to the dispose scope they were made in, unless they are detached.</summary>
/// <param name="LabeledImages">[B, C, H, W], weakly augmented.</param>
/// <param name="Annotations">[B, A, K, H, W] of K classes, 0 or 1, with the same geometry.</param>
/// <param name="WeakImages">Unlabeled [B, C, H, W], weakly augmented; <see langword="null"/> where none are used.</param>
/// <param name="StrongImages">The same with the same geometry, strongly augmented.</param>
/// <param name="Pasted">
/// [B, 1, 1, H, W], true where a strong image shows the labeled image at its position instead; <see langword="null"/> where none does.
/// </param>
/// <param name="IsByReader">Whether the annotations are each at the position of its reader; otherwise those of an image are a set.</param>
/// <param name="Own">
/// [B, A], 1 for each annotation of the image and 0 where, since it has fewer than A, one of them is repeated; <see langword="null"/> where none is.
/// </param>
/// <param name="Counted">
/// [B, A, 1, H, W], 0 where a reader's mask says nothing, and there is 0 too, and 1 where it counts; <see langword="null"/> where every pixel does.
/// </param>
internal sealed record TrainingBatch(
    Tensor LabeledImages,
    Tensor Annotations,
    Tensor? WeakImages,
    Tensor? StrongImages,
    Tensor? Pasted = null,
    bool IsByReader = false,
    Tensor? Own = null,
    Tensor? Counted = null) : IDisposable
{
    private Tensor?[] Fields => [LabeledImages, Annotations, WeakImages, StrongImages, Pasted, Own, Counted];

    private IEnumerable<Tensor> Tensors => Fields.OfType<Tensor>();

    /// <summary>Which tensors there are, and their shapes: batches of which this is the same can be copied onto each other.</summary>
    public string Shapes => string.Join('|', Fields.Select(tensor => tensor is null ? "" : string.Join(',', tensor.shape)));

    /// <summary>
    /// [B, A], 1 for each reader who drew a mask of the image and 0 for the others; <see langword="null"/> where all are present, and where
    /// annotators are ranks by area: of fewer masks than ranks, two that follow each other have the same one.
    /// </summary>
    public Tensor? Presence => IsByReader ? Own : null;

    /// <summary>
    /// The annotations [B, A, K, H, W] with annotator a's at position a, those of the readers, or of the ranks by falling area; and which of their pixels
    /// count.
    /// </summary>
    public (Tensor Masks, Tensor? Counted) ByAnnotator() =>
        IsByReader ? (Annotations, Counted) : (MaskSets.SortByArea(Annotations), Counted is null ? null : MaskSets.SortByArea(Annotations, Counted));

    /// <summary>
    /// What the strong view shows, where these are values [B, A, K, H, W] for the unlabeled images and those for the labeled ones, which default
    /// to their annotations.
    /// </summary>
    public Tensor InStrongView(Tensor unlabeled, Tensor? labeled = null) =>
        Pasted is null ? unlabeled : where(Pasted, labeled ?? Annotations, unlabeled);

    /// <summary>
    /// Which pixels of <see cref="InStrongView"/> count [B, A, 1, H, W]: all but those that are ignored in what was pasted; null where that is none.
    /// </summary>
    public Tensor? CountedInStrongView() => Pasted is null || Counted is null ? null : where(Pasted, Counted, ones_like(Counted));

    /// <summary>A batch with the same values, in no dispose scope: the caller disposes it.</summary>
    public TrainingBatch Copy() => new TrainingBatch(
        LabeledImages.clone(), Annotations.clone(), WeakImages?.clone(), StrongImages?.clone(), Pasted?.clone(), IsByReader, Own?.clone(), Counted?.clone())
        .Detach();

    /// <summary>Copies the values onto those of a batch with the same <see cref="Shapes"/>.</summary>
    public void CopyTo(TrainingBatch other)
    {
        foreach (var (from, to) in Tensors.Zip(other.Tensors))
        {
            to.copy_(from);
        }
    }

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
