using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Training;

/// <summary>Looks for masks whose foreground seems to be something else.</summary>
/// <param name="column">Name of the column of masks.</param>
internal sealed class SuspectMasks(string column)
{
    private const int SuspectCorners = 3;

    private long _masks;
    private long _suspects;
    private long _firstSuspect;
    private bool _hasForeground;
    private bool _hasClasses;

    /// <summary>Looks at the masks of a row.</summary>
    public void Add(long row, MaskSet masks)
    {
        for (var mask = 0; mask < masks.Count; mask++)
        {
            _masks++;
            _hasForeground |= masks[mask].ContainsAnyExcept((byte)0);
            _hasClasses |= masks.Classes.Count > 1;
            if (Enumerable.Range(0, masks.Classes.Count).Any(number => masks.CornersInside(mask, number) >= SuspectCorners) && _suspects++ == 0)
            {
                _firstSuspect = row;
            }
        }
    }

    /// <summary>Warns of masks that cover three corners of the image or more, and of masks none of which has a pixel of foreground.</summary>
    public void Report(IChannel? channel)
    {
        var remedy = _hasClasses
            ? "say which values are of which class with ReadingOptions.Classes (--classes)."
            : "say which values are foreground with ReadingOptions.ForegroundValues (--foreground).";
        if (!_hasForeground)
        {
            channel?.Warning(
                MessageSensitivity.None, "{0}", $"Column '{column}': none of the {_masks} masks has any foreground. If they should, {remedy}");
        }

        if (_suspects > 0)
        {
            channel?.Warning(
                MessageSensitivity.None,
                "{0}",
                $"Column '{column}': {_suspects} of {_masks} masks are foreground on three or four corners of the image, the first in row {_firstSuspect}. "
                + $"If that is background, {remedy}");
        }
    }
}
