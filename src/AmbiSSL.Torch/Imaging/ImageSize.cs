using System.Globalization;
using System.Text.Json.Serialization;

namespace AmbiSSL;

/// <summary>Height and width in pixels, both at least 1.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary>Most pixels that an image may have.</summary>
    internal const int MostPixels = 250_000_000;

    /// <summary>Whether an image of this size would have more pixels than one may.</summary>
    [JsonIgnore]
    internal bool IsTooLarge => (long)Height * Width > MostPixels;

    /// <summary>Number of pixels.</summary>
    [JsonIgnore]
    public int PixelCount => Height * Width;

    /// <summary>Refuses values that are not one for each pixel, or for each pixel of each class.</summary>
    /// <param name="count">Number of values.</param>
    /// <param name="what">What has them, as the message begins.</param>
    /// <param name="parameter">Name of the parameter that has them.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">There are fewer or more.</exception>
    internal void RequireValues(int count, string what, string parameter, int classes = 1)
    {
        if (count != PixelCount * classes)
        {
            var needed = classes == 1 ? $"{this} needs {PixelCount}" : $"{classes} classes of {this} need {PixelCount * classes}";
            throw new ArgumentException($"{what} has {count} values; {needed}.", parameter);
        }
    }

    /// <summary>Height, an x, width: <c>128x96</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");
}
