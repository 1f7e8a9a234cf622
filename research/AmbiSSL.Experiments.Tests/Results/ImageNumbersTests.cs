using AmbiSSL.Experiments.Results;

namespace AmbiSSL.Experiments.Tests.Results;

[TestFixture]
public sealed class ImageNumbersTests
{
    [Test]
    public void Patients_and_their_images_are_numbered_in_the_order_of_their_names()
    {
        var source = Lesions();
        var numbers = new ImageNumbers(source);

        var images = source.Records.OrderBy(record => record.Subject, StringComparer.Ordinal).ThenBy(record => record.Id, StringComparer.Ordinal);
        Assert.That(images.Select(image => numbers.Of(image.Id)), Is.EqualTo(new[] { (1, 1), (1, 2), (2, 3), (2, 4), (3, 5), (3, 6) }));
    }

    [Test]
    public void The_fingerprint_tells_data_sets_apart_and_reads_no_image()
    {
        var one = new ImageNumbers(Lesions()).Fingerprint;

        Assert.That(new ImageNumbers(Lesions(annotators: 3)).Fingerprint, Is.Not.EqualTo(one));
        Assert.That(new ImageNumbers(Lesions()).Fingerprint, Is.EqualTo(one));
    }

    private static SyntheticLesions Lesions(int annotators = 4) =>
        new(new SyntheticLesionOptions { Images = 6, ImagesPerSubject = 2, Height = 16, Width = 16, Annotators = annotators });
}
