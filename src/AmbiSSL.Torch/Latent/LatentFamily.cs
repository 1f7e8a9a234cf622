using static TorchSharp.torch;

namespace AmbiSSL.Torch.Latent;

/// <summary>
/// A family of diagonal latent distributions with a location and a scale for each dimension (section 3.1). A further family is one more
/// class: its noise, what stands for it at location 0 and scale 1, and its divergence. Results belong to the caller's dispose scope.
/// </summary>
internal abstract class LatentFamily
{
    /// <summary>Normal distributions: those of labeled images, and of every image once the model is trained.</summary>
    public static LatentFamily Normal { get; } = new NormalFamily();

    /// <summary>Laplace distributions: those of unlabeled images.</summary>
    public static LatentFamily Laplace { get; } = new LaplaceFamily();

    /// <summary>Draws the noise that codes are made of, on the CPU.</summary>
    /// <param name="shape">Any.</param>
    /// <param name="generator">On the CPU.</param>
    public abstract Tensor Noise(long[] shape, Generator generator);

    /// <summary>Noise as a draw of the distribution of location 0 and scale 1.</summary>
    public abstract Tensor Standard(Tensor noise);

    /// <summary>Closed-form KL(1 ‖ 2) summed over the latent dimensions, [B], of locations and natural logarithms of scales [B, D].</summary>
    public abstract Tensor Divergence(Tensor location1, Tensor logScale1, Tensor location2, Tensor logScale2);
}
