namespace AmbiSSL.Torch.Tests.Inspection;

/// <summary>A data set of images in memory, whose folds are given by subject.</summary>
internal sealed class MemoryImages(IReadOnlyList<AnnotatedImage> images, PixelType? type = null, Func<int, int?>? fold = null) : ImageSource
{
    public override ImageFormat Format { get; } = new(images[0].Shape, type ?? images[0].Pixels.Type, Preprocessing.None);

    public override IReadOnlyList<ImageRecord> Records { get; } =
    [
        .. images.Select((image, position) => new ImageRecord
        {
            Id = image.Id,
            Subject = image.Subject,
            Fold = fold?.Invoke(position),
            Annotators = [.. Enumerable.Range(1, image.Annotations.Count)],
            Readers = image.Annotations.Readers,
        }),
    ];

    public override bool MayIgnorePixels { get; } = images.Any(image => image.Annotations.Ignored.Length > 0);

    internal override (ImageShape Shape, PixelType Type) Stored(int index) => (images[index].Shape, images[index].Pixels.Type);

    protected override AnnotatedImage ReadImage(int index) => images[index].Id.StartsWith("broken", StringComparison.Ordinal)
        ? throw new InvalidDataException($"'{images[index].Id}' is broken.")
        : images[index];
}
