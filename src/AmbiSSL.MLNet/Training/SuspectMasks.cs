using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Imaging;
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

    /// <summary>Refuses training images on which there is nothing to learn.</summary>
    /// <param name="context">Marks the error.</param>
    /// <param name="column">Name of the column of masks.</param>
    /// <param name="images">The training images.</param>
    /// <exception cref="InvalidOperationException">No mask has a pixel of foreground.</exception>
    public static void RequireForeground(IExceptionContext context, string column, ImageCache images)
    {
        if (ForegroundCheck.OfTraining(images) is { } fault)
        {
            throw ColumnErrors.InColumn(context, column, fault.Problem, fault.Remedy);
        }
    }

    /// <summary>Looks at the masks of a row.</summary>
    public void Add(long row, MaskSet masks)
    {
        for (var mask = 0; mask < masks.Count; mask++)
        {
            _masks++;
            if (Enumerable.Range(0, masks.Classes.Count).Any(number => masks.CornersInside(mask, number) >= SuspectCorners) && _suspects++ == 0)
            {
                _firstSuspect = row;
            }
        }
    }

    /// <summary>Warns of masks that cover three corners of the image or more, and of classes of which no mask has a pixel.</summary>
    /// <param name="channel">Receives the warnings; null for none.</param>
    /// <param name="images">All images, as they are learned from.</param>
    /// <param name="isTraining">Whether they are learned from, and not validated on.</param>
    public void Report(IChannel? channel, ImageCache images, bool isTraining)
    {
        var (classes, absent, labeled) = (images.Classes, images.AbsentClasses, images.Labeled.Count());
        if (absent.Count == classes.Count && !isTraining)
        {
            var preprocessing = images.Format.Preprocessing;
            var none = ForegroundCheck.NoneOf(images.MaskCount, $"{labeled} annotated validation images", classes, preprocessing);
            Warn($"{none}, so that no epoch can be chosen by them; {ForegroundCheck.Remedy(classes, preprocessing)}.");
        }
        else if (absent.Count > 0 && absent.Count < classes.Count && isTraining)
        {
            Warn(
                $"no mask of the {labeled} annotated training images has a pixel of the class{(absent.Count == 1 ? "" : "es")} "
                + $"'{string.Join("', '", absent)}', so that the model will never draw it; its values or its name may be others (--classes), a crop may "
                + "cut it off, or take images on which somebody drew it.");
        }

        if (_suspects > 0)
        {
            Warn(
                $"{_suspects} of {_masks} masks are foreground on three or four corners of the image, the first in row {_firstSuspect}. If that is "
                + (classes.Count > 1
                    ? "background, say which values are of which class with ReadingOptions.Classes (--classes)."
                    : "background, say which values are foreground with ReadingOptions.ForegroundValues (--foreground)."));
        }

        void Warn(string text) => channel?.Warning(MessageSensitivity.None, "{0}", $"Column '{column}': {text}");
    }
}
