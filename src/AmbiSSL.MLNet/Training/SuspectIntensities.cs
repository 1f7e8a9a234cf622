using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Training;

/// <summary>Looks for training images whose intensities mean something else than the model would take them for.</summary>
internal static class SuspectIntensities
{
    /// <summary>Refuses images that need an intensity window, or another one, and warns of images of several depths.</summary>
    /// <param name="context">Marks the errors.</param>
    /// <param name="column">Name of the column of images.</param>
    /// <param name="images">The training images, in the order of their rows.</param>
    /// <param name="window">What they are to be seen through; null for no window.</param>
    /// <param name="channel">Receives the warning.</param>
    /// <exception cref="InvalidOperationException">They need a window, or another one.</exception>
    public static void Check(IExceptionContext context, string column, ImageCache images, IntensityWindow? window, IChannel channel)
    {
        if (IntensityCheck.OfTraining(images.Format.Source, images.Range, window) is { } fault)
        {
            throw ColumnErrors.InColumn(context, column, fault.Problem, fault.Remedy);
        }

        var widest = Enumerable.Range(0, images.Count).Max(images.Span);
        int[] narrow = [.. Enumerable.Range(0, images.Count).Where(i => new IntensityRange(0, images.Span(i)).IsNarrowBeside(new IntensityRange(0, widest)))];
        if (narrow.Length > 0)
        {
            channel.Warning(
                MessageSensitivity.None,
                "{0}",
                FormattableString.Invariant($"Column '{column}': the values of {narrow.Length} of {images.Count} images, the first in row {narrow[0]}, span a ")
                + FormattableString.Invariant($"sixteenth or less of the {widest:G6} that another's do. Where images of several depths are mixed, ")
                + "such as 8 and 12 bits in 16, scale them alike.");
        }
    }
}
