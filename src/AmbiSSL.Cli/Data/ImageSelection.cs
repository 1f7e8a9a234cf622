namespace AmbiSSL.Cli.Data;

/// <summary>Some images of a data set, in its order, with a call at each reading.</summary>
/// <param name="source">All images.</param>
/// <param name="positions">The positions that are selected.</param>
/// <param name="onRead">Called before an image is read; an exception ends the reading.</param>
internal sealed class ImageSelection(ImageSource source, IReadOnlyList<int> positions, Action onRead) : ImageSource
{
    /// <inheritdoc/>
    public override ImageFormat Format => source.Format;

    /// <inheritdoc/>
    public override IReadOnlyList<ImageRecord> Records { get; } = [.. positions.Select(position => source.Records[position])];

    /// <inheritdoc/>
    public override IReadOnlyList<LeftOutFile> LeftOut => source.LeftOut;

    /// <inheritdoc/>
    public override bool MayIgnorePixels => source.MayIgnorePixels;

    /// <inheritdoc/>
    public override MaskClasses Classes => source.Classes;

    /// <inheritdoc/>
    protected override AnnotatedImage ReadImage(int index)
    {
        onRead();
        return source.Read(positions[index]);
    }
}
