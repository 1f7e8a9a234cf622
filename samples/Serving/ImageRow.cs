using Microsoft.ML.Data;

namespace Serving;

/// <summary>What a prediction engine takes.</summary>
public sealed class ImageRow
{
    /// <summary>An image of a size that the model takes.</summary>
    [AnySize]
    public required MLImage Image { get; init; }
}
