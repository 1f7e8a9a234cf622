namespace AmbiSSL;

/// <summary>What is known of an image before its pixels are read.</summary>
public sealed class ImageRecord
{
    /// <summary>Name of the image, unique in its data set.</summary>
    public required string Id { get; init; }

    /// <summary>The patient it was taken of; splits never separate the images of a subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The fold that the data set itself assigns to the image; null where it assigns none.</summary>
    public int? Fold { get; init; }

    /// <summary>The image file, or that of its first channel; null where the image is not a file of its own.</summary>
    public string? ImagePath { get; init; }

    /// <summary>The files of an image whose channels are files of their own, in order; empty where it is one file.</summary>
    public IReadOnlyList<string> ChannelPaths { get; init; } = [];

    /// <summary>
    /// The mask files, in the order of <see cref="Annotators"/>, and where each class has a file those of a mask's classes one after the other; empty
    /// where masks are not files of their own.
    /// </summary>
    public IReadOnlyList<string> MaskPaths { get; init; } = [];

    /// <summary>
    /// The number of each mask, ascending, in the order of <see cref="AnnotatedImage.Annotations"/>; empty when unlabeled. The folder format
    /// counts from 1 and allows gaps. Who drew a mask is in <see cref="Readers"/> alone.
    /// </summary>
    public IReadOnlyList<int> Annotators { get; init; } = [];

    /// <summary>The name of each mask's reader, in the order of <see cref="Annotators"/>; empty where nobody is known.</summary>
    public IReadOnlyList<string> Readers { get; init; } = [];

    /// <summary>Further columns of the index by name, as they were written; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>The distances of its pixels after any resizing, in millimeters; null where the file does not say them.</summary>
    public PixelSpacing? Spacing { get; init; }

    /// <summary>True when at least one mask belongs to the image.</summary>
    public bool IsLabeled => Annotators.Count > 0;

    /// <summary>All files of the image.</summary>
    internal IReadOnlyList<string> Files => ChannelPaths.Count > 0 ? ChannelPaths : [ImagePath!];

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Subject}, {Annotators.Count} masks)";
}
