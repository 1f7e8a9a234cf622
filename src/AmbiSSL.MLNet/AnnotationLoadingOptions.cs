using AmbiSSL.MLNet.Data;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL;

/// <summary>How <c>LoadAnnotations</c> finds and reads mask files.</summary>
public sealed record AnnotationLoadingOptions
{
    /// <summary>The folder in which relative paths begin.</summary>
    /// <value>The default value is null: the current folder.</value>
    public string? Folder { get; init; }

    /// <summary>
    /// The path of the masks of an image, where the input column is not of paths but of ids, such as <c>masks/{0}_r*.png</c>. <c>{0}</c> is the id;
    /// <c>*</c> and <c>{reader}</c>, in the name of the file alone, stand for letters and digits, one or more, and <c>{reader}</c> is the name of
    /// whoever drew the mask. <c>{class}</c> stands for the name of a class where each has a file of its own. Masks are in the order of what stands
    /// there, numbers by their value. An image of whose masks none is there is unlabeled.
    /// </summary>
    /// <value>The default value is null: the input column holds paths.</value>
    public string? Pattern { get; init; }

    /// <summary>
    /// The name of whoever drew the masks at each place of the vectors of paths, such as that of the columns that were concatenated to it; places
    /// without a path have no mask. Where names differ from row to row, they are in a column of their own, <see cref="SegmentationColumns.Readers"/>.
    /// </summary>
    /// <value>The default value is empty: nobody is known by the place of a path.</value>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>
    /// Output column of the readers' names, a vector of text. There is one where <see cref="Readers"/> names them, or <see cref="Pattern"/> with
    /// <c>{reader}</c>, or <see cref="ReaderIdentity.ByNumber"/>, with which the number at the end of a file's name is its reader.
    /// </summary>
    /// <value>The default value is Readers.</value>
    public string ReadersColumn { get; init; } = SegmentationColumns.DefaultReaders;

    /// <summary>
    /// Output column of the pixels at which masks say nothing, <c>Vector&lt;Byte&gt;</c> as <see cref="SegmentationColumns.Ignored"/> takes it. There is
    /// one where <see cref="Reading"/> has values to ignore.
    /// </summary>
    /// <value>The default value is Ignored.</value>
    public string IgnoredColumn { get; init; } = SegmentationColumns.DefaultIgnored;

    /// <summary>Brings masks to the size to which <c>ResizeImages</c> brings the images, by the nearest pixel; height and width at least 1.</summary>
    /// <value>The default value is null: masks keep their size, and all have one.</value>
    public ImageSize? Resize { get; init; }

    /// <summary>How the sides of another ratio are made to fit, as the argument of <c>ResizeImages</c>; what is padded is background.</summary>
    /// <value>The default value is <see cref="ImageResizingEstimator.ResizingKind.IsoCrop"/>, that of <c>ResizeImages</c>.</value>
    public ImageResizingEstimator.ResizingKind Resizing { get; init; } = ImageResizingEstimator.ResizingKind.IsoCrop;

    /// <summary>What is kept where sides are cropped, as the argument of <c>ResizeImages</c>.</summary>
    /// <value>The default value is <see cref="ImageResizingEstimator.Anchor.Center"/>, that of <c>ResizeImages</c>.</value>
    public ImageResizingEstimator.Anchor CropAnchor { get; init; } = ImageResizingEstimator.Anchor.Center;

    /// <summary>Which values are foreground, and what else is to be known of the files.</summary>
    /// <value>By default a mask is refused where its values leave a doubt.</value>
    public ReadingOptions Reading { get; init; } = new();

    /// <summary>Whether it is known who drew the masks.</summary>
    internal bool KnowsReaders => Readers.Count > 0 || Reading.IsByNumber || Pattern?.Contains(MaskPattern.Reader, StringComparison.Ordinal) == true;

    /// <summary>Whether masks may have pixels that do not count.</summary>
    internal bool IsIgnoring => Reading.ForegroundValues is { IsIgnoring: true };

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Reading);
        ArgumentNullException.ThrowIfNull(Readers);
        Reading.Validate();
        OptionRange.Require(!Reading.WithoutMasks, nameof(Reading), nameof(ReadingOptions.WithoutMasks), "left out, since masks are all that is loaded");
        OptionRange.RequireDefined(Resizing, nameof(Resizing));
        OptionRange.RequireDefined(CropAnchor, nameof(CropAnchor));
        OptionRange.Require(Resize is not ({ Height: < 1 } or { Width: < 1 }), nameof(Resize), Resize, "at least 1x1");
        OptionRange.Require(!string.IsNullOrWhiteSpace(ReadersColumn), nameof(ReadersColumn), ReadersColumn, "the name of a column");
        OptionRange.Require(!string.IsNullOrWhiteSpace(IgnoredColumn), nameof(IgnoredColumn), IgnoredColumn, "the name of a column");
        if (Pattern is not null)
        {
            _ = new MaskPattern(Pattern, Reading.NamedClasses?.Classes);
            OptionRange.Require(Readers.Count == 0, nameof(Readers), Readers, $"empty where a pattern is set; write {MaskPattern.Reader} into it");
        }

        if (Pattern is null && Reading.NamedClasses is { } named)
        {
            throw new ArgumentException(
                $"The classes '{named}' have no values, so that each has files of its own, which {nameof(Pattern)} must name with {MaskPattern.Class}; "
                + "set it, or give them values, such as core=1,rim=2.",
                nameof(Reading));
        }

        if (ReaderNames.Fault(Readers, Readers.Count) is { } fault)
        {
            throw new ArgumentException($"In option {nameof(Readers)} {fault}; name the reader of each path, nobody twice.", nameof(Readers));
        }

        if (Reading.IsByNumber && (this with { Reading = new ReadingOptions() }).KnowsReaders)
        {
            throw new ArgumentException(
                $"Readers are asked for by number (ReadingOptions.Readers) and by name ({nameof(Readers)} or {nameof(Pattern)}); choose one.", nameof(Reading));
        }
    }
}
