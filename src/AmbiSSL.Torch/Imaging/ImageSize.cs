using System.Globalization;
using System.Text.Json.Serialization;

namespace AmbiSSL;

/// <summary>Height and width in pixels, both at least 1.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>Number of pixels.</summary>
    [JsonIgnore]
    public int PixelCount => Height * Width;

    /// <summary>Height, an x, width: <c>128x96</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");
}
