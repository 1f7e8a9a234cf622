using AmbiSSL.Torch.Methods;
using AmbiSSL.Torch.Networks;

namespace AmbiSSL.Benchmarks;

/// <summary>The networks of AmbiSSL one by one.</summary>
internal sealed class MethodParts
{
    private readonly AmbiSSLMethod _method;

    public MethodParts(SegmentationModel model) => _method = (AmbiSSLMethod)model.Method;

    public FeatureEncoder Encoder => _method.modules().OfType<FeatureEncoder>().Single();

    public FeatureDecoder Decoder(DecoderName name) => Find<FeatureDecoder>("dec", name);

    public SegmentationHead Head(DecoderName name) => Find<SegmentationHead>("seg", name);

    private T Find<T>(string group, DecoderName name)
        where T : class =>
        (T)(object)_method.named_modules().Single(module => module.name == $"{group}.{name.ToString().ToLowerInvariant()}").module;
}
