namespace AmbiSSL.Cli.Tests;

/// <summary>The first images of a data set without their masks.</summary>
internal sealed class Unlabeled(ImageSource source) : ImageSource
{
    public override ImageFormat Format => source.Format;

    public override IReadOnlyList<ImageRecord> Records { get; } =
        [.. source.Records.Take(3).Select(record => new ImageRecord { Id = record.Id, Subject = record.Subject })];

    public static void Write(string from, string to) => ImageFolder.Save(new Unlabeled(ImageSources.Open(from)), to);

    protected override AnnotatedImage ReadImage(int index)
    {
        var image = source.Read(index);
        return new AnnotatedImage(image.Id, image.Subject, image.Pixels, new MaskSet(image.Shape.Size, []));
    }
}
