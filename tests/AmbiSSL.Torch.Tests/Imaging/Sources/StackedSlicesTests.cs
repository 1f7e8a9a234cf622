using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging.Sources;

internal sealed class StackedSlicesTests
{
    [Test]
    public void A_slice_has_its_neighbors_as_channels_and_its_own_masks()
    {
        var stacked = new StackedSlices(new Slices(("a", "7"), ("b", "1"), ("a", "5"), ("a", "6")), 3);

        Assert.Multiple(() =>
        {
            Assert.That(stacked.Shape, Is.EqualTo(new ImageShape(3, 1, 2)));
            Assert.That(Values(stacked, 3), Is.EqualTo((byte[])[2, 2, 3, 3, 0, 0]), "a5, a6, a7");
            Assert.That(Values(stacked, 0), Is.EqualTo((byte[])[3, 3, 0, 0, 0, 0]), "the last one is repeated");
            Assert.That(Values(stacked, 1), Is.EqualTo((byte[])[1, 1, 1, 1, 1, 1]), "one slice alone");
            Assert.That(stacked.Read(3).Annotations.Values, Is.EqualTo((byte[])[1, 0]));
        });
    }

    [Test]
    public void Volumes_of_one_name_of_two_subjects_are_two()
    {
        var stacked = new StackedSlices(new Slices(("a", "1"), ("a", "2"), ("a", "1")) { Subjects = ["p", "q", "q"] }, 3);

        Assert.That(Values(stacked, 1), Is.EqualTo((byte[])[2, 2, 1, 1, 1, 1]));
        Assert.That(Values(stacked, 0), Is.EqualTo((byte[])[0, 0, 0, 0, 0, 0]));
    }

    [Test]
    public void Slices_without_a_volume_or_of_one_number_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(
            () => new StackedSlices(new Slices(("a", "1"), ("a", "1")), 3),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("Images 'image 0' and 'image 1' are both slice 1 of volume 'a';"));
        Assert.That(
            () => new StackedSlices(new SyntheticLesions(new SyntheticLesionOptions { Images = 1 }), 3),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("Image 'synthetic_00000' does not say its volume;"));
        Assert.That(() => new StackedSlices(new Slices(("a", "1")), 2), Throws.ArgumentException.With.Message.StartsWith("2 slices are asked for;"));
    });

    private static byte[] Values(ImageSource source, int index) => source.Read(index).Pixels.Values<byte>().ToArray();

    /// <summary>Images of two pixels, whose values are their positions.</summary>
    private sealed class Slices(params (string Volume, string Slice)[] slices) : ImageSource
    {
        public override ImageFormat Format { get; } = new(new ImageShape(1, 1, 2), PixelType.UInt8, Preprocessing.None);

        public string[] Subjects { get; init; } = [.. slices.Select(slice => slice.Volume)];

        public override IReadOnlyList<ImageRecord> Records => [.. slices.Select((slice, index) => new ImageRecord
        {
            Id = $"image {index}",
            Subject = Subjects[index],
            Annotators = [1],
            Columns = new Dictionary<string, string> { ["volume"] = slice.Volume, ["slice"] = slice.Slice },
        })];

        protected override AnnotatedImage ReadImage(int index) => new(
            Records[index].Id, Records[index].Subject, new ImagePixels(Shape, [(byte)index, (byte)index]), new MaskSet(Shape.Size, [1, 0]));
    }
}
