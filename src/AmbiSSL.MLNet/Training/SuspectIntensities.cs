using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Training;

/// <summary>Looks for floating-point images that are not scaled to 0 to 1, such as 0 to 255 or Hounsfield units.</summary>
/// <param name="column">Name of the column of images.</param>
internal sealed class SuspectIntensities(string column)
{
    private float _low = float.PositiveInfinity;
    private float _high = float.NegativeInfinity;
    private long _firstOutside = -1;

    /// <summary>Looks at the image of a row; integers stand for 0 to 1 whatever they are.</summary>
    public void Add(long row, ImagePixels image)
    {
        if (image.Type != PixelType.Float32)
        {
            return;
        }

        foreach (var value in image.Values<float>())
        {
            _low = Math.Min(_low, value);
            _high = Math.Max(_high, value);
        }

        if (_firstOutside < 0 && (_low < 0 || _high > 1))
        {
            _firstOutside = row;
        }
    }

    /// <summary>Warns where values lie outside 0 to 1.</summary>
    public void Report(IChannel? channel)
    {
        if (_firstOutside >= 0)
        {
            channel?.Warning(
                MessageSensitivity.None,
                "{0}",
                FormattableString.Invariant($"Column '{column}': values go from {_low:G4} to {_high:G4}, first outside 0 to 1 in row {_firstOutside}. Networks ")
                + "expect about 0 to 1: scale the images before this step, and all that the model will see in the same way, such as with ExtractPixels(..., "
                + "scaleImage: 1 / 255f).");
        }
    }
}
