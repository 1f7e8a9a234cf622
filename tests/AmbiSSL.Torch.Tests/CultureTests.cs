using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Metrics;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests;

/// <summary>Numbers in messages are written alike, whatever the culture of the machine.</summary>
public sealed class CultureTests
{
    private static readonly string[] Subjects = ["p1", "p2", "p3"];

    private static IEnumerable<TestCaseData> Messages { get; } =
    [
        Case(() => Calibration.BrierScore([-1.5f], [BitMask.FromBytes([1], 1, 1)]), "A probability is -1.5; it must be 0 to 1."),
        Case(() => Assignment.Maximize([double.PositiveInfinity], 1, 1), "A value is Infinity; every value must be finite."),
        Case(() => SubjectSplit.TrainTest(Subjects, 1.5, seed: 1), "The test fraction is 1.5; it must lie between 0 and 1,"),
        Case(() => SubjectSplit.KeepLabeled(Subjects, -0.5, seed: 1), "The fraction is -0.5; it must lie above 0"),
        Case(() => ImageFile.Write(Stream.Null, new ImagePixels(new ImageShape(1, 1, 1), (float[])[1.5f])), "The image holds the value 1.5; a PNG"),
        Case(() => new FigureOptions { SurfaceTolerance = -0.5 }.Validate(), "FigureOptions.SurfaceTolerance is -0.5; it must be 0 or more."),
    ];

    [TestCaseSource(nameof(Messages))]
    public void Numbers_have_a_point(TestDelegate action, string message)
    {
        using var culture = new CommaCulture();

        Assert.That(action, Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));
    }

    private static TestCaseData Case(TestDelegate action, string message) => new TestCaseData(action, message).SetArgDisplayNames(message);
}
