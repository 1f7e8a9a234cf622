using AmbiSSL.MLNet.Evaluation;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Tests;

public sealed class DrawnClassesTests
{
    private static readonly ImageSize Size = new(1, 2);

    [Test]
    public void MasksWithoutForeground_AreWarnedOf() => Assert.That(
        Warnings(MaskClasses.One, Preprocessing.None, [0, 0, 0, 0], [0, 0]),
        Is.EqualTo((string[])
        [
            "Column 'Masks': none of the 3 masks of 2 annotated images has a pixel of foreground, so that figures tell only whether the model draws nothing; "
            + "name the value of the foreground (--foreground), or take more images, on which somebody outlined something.",
        ]));

    [Test]
    public void ACropThatMayHaveCutTheForegroundOff_IsNamed() => Assert.That(
        Warnings(MaskClasses.One, new Preprocessing { Crop = Size }, [0, 0])[0],
        Does.Contain(" after the crop to 1x2, ").And.Contain("; enlarge the crop (--crop) where it cuts off what was outlined, "));

    [Test]
    public void AClassInNoMask_IsNamed() => Assert.That(
        Warnings(new MaskClasses(["core", "rim"]), Preprocessing.None, [1, 0, 0, 0], [0, 0, 0, 0]),
        Is.EqualTo((string[])
        [
            "Column 'Masks': no mask of the 2 annotated images has a pixel of the class 'rim', of which figures tell only whether the model draws none; its "
            + "values or its name may be others (--classes).",
        ]));

    [Test]
    public void OneMaskWithForeground_IsEnough() => Assert.That(Warnings(MaskClasses.One, Preprocessing.None, [0, 0], [0, 0, 0, 1]), Is.Empty);

    private static List<string> Warnings(MaskClasses classes, Preprocessing preprocessing, params byte[][] images)
    {
        var context = new MLContext();
        List<string> warnings = [];
        context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                warnings.Add(message.RawMessage);
            }
        };
        var drawn = new DrawnClasses(classes, "Masks", preprocessing);
        foreach (var masks in images)
        {
            drawn.Add(new MaskSet(Size, masks, classes: classes));
        }

        drawn.WarnOfAbsent(context);
        return warnings;
    }
}
