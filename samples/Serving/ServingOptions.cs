namespace Serving;

/// <summary>Settings, as <c>--Model model.zip</c> on the command line, in appsettings.json or in the environment.</summary>
public sealed class ServingOptions
{
    /// <summary>A file that <c>ml.Model.Save</c> or <c>ambissl train</c> wrote; null to train a small model on synthetic lesions first.</summary>
    public string? Model { get; init; }

    /// <summary>Prediction engines, and with them images that are computed at the same time.</summary>
    public int Engines { get; init; } = Environment.ProcessorCount;

    /// <summary>Requests that may be under way at the same time, those that wait for an engine among them; further ones get 503.</summary>
    public int Requests { get; init; } = 64;

    /// <summary>Most bytes of an image file.</summary>
    public int MaximumBytes { get; init; } = 8 << 20;

    /// <summary>Most pixels of an image, which a small file can have many of.</summary>
    public int MaximumPixels { get; init; } = 4_000_000;
}
