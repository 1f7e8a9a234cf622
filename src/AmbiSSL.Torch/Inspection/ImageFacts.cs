namespace AmbiSSL.Torch.Inspection;

/// <summary>What is kept of an image once its pixels are gone.</summary>
internal sealed class ImageFacts
{
    /// <summary>Position in the data set.</summary>
    public required int Position { get; init; }

    /// <summary>What is known of it without its pixels.</summary>
    public required ImageRecord Record { get; init; }

    /// <summary>Size and type in which it is stored; null where its header cannot be read.</summary>
    public (ImageShape Shape, PixelType Type)? Stored { get; init; }

    /// <summary>Why it cannot be read; null where it can.</summary>
    public string? Fault { get; init; }

    /// <summary>Size as training sees it, 0 where it was not read.</summary>
    public int PixelCount { get; init; }

    /// <summary>Of its pixels; empty where it was not read.</summary>
    public string Hash { get; init; } = "";

    /// <summary>The least value that a model sees.</summary>
    public float Low { get; init; }

    /// <summary>The greatest value that a model sees.</summary>
    public float High { get; init; }

    /// <summary>A small copy of it, by which images are compared; empty where all its pixels are the same.</summary>
    public float[] Thumbnail { get; init; } = [];

    /// <summary>Its masks.</summary>
    public IReadOnlyList<MaskFacts> Masks { get; init; } = [];

    /// <summary>Mean intersection over union of its pairs of masks; NaN where there is none.</summary>
    public double Agreement { get; init; } = double.NaN;

    /// <summary>How far outlines reach over its border, in pixels.</summary>
    public float Beyond { get; init; }

    /// <summary>Pixels of its masks that do not count, over all masks.</summary>
    public int IgnoredPixels { get; init; }

    /// <summary>Its id.</summary>
    public string Id => Record.Id;

    /// <summary>Whether it has masks, as far as is known.</summary>
    public bool IsLabeled => Record.IsLabeled || Masks.Count > 0;

    /// <summary>Whether its pixels were read.</summary>
    public bool IsRead => Hash.Length > 0;
}
