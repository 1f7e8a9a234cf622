using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AmbiSSL.Torch.Networks;

/// <summary>Starting weights of the prior and posterior encoders (He et al., ICCV 2015), as probabilistic U-Nets have them.</summary>
internal static class Initialization
{
    /// <summary>Draws every convolution's weights of a module from N(0, 2 / fan-in) and sets its biases to zero.</summary>
    /// <remarks>
    /// libtorch's own starting weights shrink the signal from layer to layer. After the fifteen convolutions of these encoders nothing of
    /// the image or the masks is left: posterior and prior agree from the start, and the latent code is never used.
    /// </remarks>
    public static void Apply(nn.Module module)
    {
        using var scope = NewDisposeScope();
        foreach (var convolution in module.modules().OfType<Conv2d>())
        {
            nn.init.kaiming_normal_(convolution.weight!, mode: nn.init.FanInOut.FanIn, nonlinearity: nn.init.NonlinearityType.ReLU);
            if (convolution.bias is { } bias)
            {
                nn.init.zeros_(bias);
            }
        }
    }
}
