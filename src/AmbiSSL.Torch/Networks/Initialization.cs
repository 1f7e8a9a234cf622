using AmbiSSL.Torch.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>Starting weights of convolutions that nothing normalizes.</summary>
internal static class Initialization
{
    // The mean square of a rectified standard normal number is 1/2, its variance (1 - 1/pi) / 2.
    private const double VarianceGain = 2 / (1 - (1 / Math.PI));

    // Most pixels are background: before training one of eight is taken for foreground.
    private const double StartingLogit = -2;

    /// <summary>
    /// Draws the weights of a module of convolutions from normal distributions that keep the signal's size from layer to layer, takes the mean from each
    /// filter, and sets the biases to zero (Brock, De and Smith, <i>Characterizing signal propagation to close the performance gap in unnormalized
    /// ResNets</i>, ICLR 2021, section 4). A first layer that sees images has those of He et al. (ICCV 2015).
    /// </summary>
    /// <remarks>
    /// libtorch's own starting weights shrink the signal from layer to layer. After the fifteen convolutions of prior and posterior encoders nothing of
    /// the image or the masks is left: they agree from the start, and the latent code is never used. Filters with a mean answer to the mean of what a
    /// rectifier lets through, which is the same at every pixel: after the four layers of the head the pixels hardly differ, and for some seeds hundreds
    /// of steps teach nothing.
    /// </remarks>
    /// <param name="module">Its parameters of four dimensions are weights, all others biases.</param>
    /// <param name="seesImages">Whether the first layer's input is an image and not what a rectifier let through.</param>
    public static void Apply(nn.Module module, bool seesImages = false)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        foreach (var parameter in module.parameters())
        {
            if (parameter.dim() != 4)
            {
                nn.init.zeros_(parameter);
                continue;
            }

            nn.init.kaiming_normal_(parameter, mode: nn.init.FanInOut.FanIn, nonlinearity: nn.init.NonlinearityType.ReLU);
            if (!seesImages)
            {
                parameter.copy_((parameter - parameter.mean([1, 2, 3], keepdim: true)).Times(Math.Sqrt(VarianceGain / 2)));
            }

            seesImages = false;
        }
    }

    /// <summary>The same for the layers that end in the logits of masks, in which at first most pixels are background.</summary>
    /// <param name="head">The layers.</param>
    /// <param name="last">The last of them, which may be the head itself.</param>
    public static void ApplyToHead(nn.Module head, ImageConvolution last)
    {
        Apply(head);
        using var start = StartingLogit.ToScalar();
        nn.init.constant_(last.Bias!, start);
    }
}
