using static TorchSharp.torch;

namespace AmbiSSL.Torch.Data;

/// <summary>The images of one step, on the training device, in the dispose scope of the step.</summary>
/// <param name="LabeledImages">[B, C, H, W], weakly augmented.</param>
/// <param name="Annotations">[B, A, H, W], 0 or 1, with the same geometry.</param>
/// <param name="WeakImages">Unlabeled [B, C, H, W], weakly augmented; <see langword="null"/> where none are used.</param>
/// <param name="StrongImages">The same with the same geometry, strongly augmented.</param>
internal sealed record TrainingBatch(Tensor LabeledImages, Tensor Annotations, Tensor? WeakImages, Tensor? StrongImages);
