using static TorchSharp.torch;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Channels-last memory order, in which convolutions run faster. TorchSharp has no memory_format, but strides make it; a convolution
/// whose weight is laid out so gives its result the same order.
/// </summary>
internal static class ChannelsLast
{
    /// <summary>Lays out the convolution weights of a module.</summary>
    public static void Apply(nn.Module module)
    {
        using var gradients = no_grad();
        foreach (var parameter in module.parameters().Where(parameter => parameter.dim() == 4))
        {
            using var scope = NewDisposeScope();
            parameter.set_(parameter.detach().permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2));
        }
    }
}
