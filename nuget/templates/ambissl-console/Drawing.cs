namespace AmbiSSLConsole;

/// <summary>What the model draws for an image.</summary>
internal sealed class Drawing
{
    public string Id { get; set; } = "";

    public byte[] Masks { get; set; } = [];

    public float[] Probability { get; set; } = [];

    public float[] Uncertainty { get; set; } = [];
}
