using System.Text.Json;
using AmbiSSL.MLNet.Evaluation;
using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.MLNet.Tests;

/// <summary>What is chosen for masks of two classes, against numbers of <c>Oracle/class_calibration.py</c> of the tests of AmbiSSL.Torch.</summary>
public sealed class ClassCalibrationTests
{
    private static readonly JsonElement Oracle = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Oracle", "class_calibration.json"))).RootElement;

    private static readonly ImageSize Size = new(Oracle.GetProperty("side").GetInt32(), Oracle.GetProperty("side").GetInt32());

    private static IEnumerable<TestCaseData> Cases =>
        Oracle.GetProperty("cases").EnumerateArray().Select(entry => new TestCaseData(entry).SetArgDisplayNames(entry.GetProperty("name").GetString()!));

    [TestCaseSource(nameof(Cases))]
    public void PostProcessingOfEachClass_AndOneThreshold_AreThoseOfTheScript(JsonElement entry)
    {
        var classes = Classes(entry);
        var (processing, threshold) = (new PostProcessingChoice(classes), new ThresholdChoice(classes));
        foreach (var image in Images(entry))
        {
            var (experts, samples) = (Masks(image, "experts", classes), Masks(image, "samples", classes));
            processing.Add(samples.Values, experts, new CountedPixels(experts));
            threshold.Add(Probability(entry, image), experts, new CountedPixels(experts));
        }

        var expected = entry.GetProperty("processing").EnumerateArray().Select(own => new PostProcessing
        {
            FillHoles = own.GetProperty("fill").GetBoolean(),
            SmallestComponent = own.GetProperty("smallest").GetInt32(),
            LargestComponentOnly = own.GetProperty("largest").GetBoolean(),
        });
        Assert.That(processing.Best, Is.EqualTo(expected));
        Assert.That(threshold.Best(processing.Best), Is.EqualTo(entry.GetProperty("threshold").GetDouble()));
    }

    [TestCaseSource(nameof(Cases))]
    public void Temperature_AndTheOutlinesAtIt_AreThoseOfTheScript(JsonElement entry)
    {
        var classes = Classes(entry);
        var (temperature, outlines) = (new TemperatureChoice(classes), new OutlineChoice(classes.Count));
        foreach (var image in Images(entry))
        {
            var experts = Masks(image, "experts", classes);
            int[] votes =
                [.. Enumerable.Range(0, 2 * Size.PixelCount).Select(i => Enumerable.Range(0, experts.Count).Count(reader => experts[reader][i] != 0))];
            temperature.Add(Probability(entry, image), votes, experts.Count);
        }

        Assert.That(temperature.Best, Is.EqualTo(entry.GetProperty("temperature").GetDouble()).Within(1e-12));
        float[][] warm = [.. Images(entry).Select(image => Warm(Probability(entry, image), temperature.Best, classes))];
        foreach (var (image, position) in Images(entry).Select((image, position) => (image, position)))
        {
            outlines.Add($"{position}", warm[position], Masks(image, "experts", classes).Values);
        }

        var best = outlines.Best(entry.GetProperty("coverage").GetDouble(), temperature: 1)!;
        foreach (var (image, probability) in Images(entry).Zip(warm))
        {
            var (inner, outer) = (new byte[probability.Length], new byte[probability.Length]);
            best.DrawInner(probability, inner);
            best.DrawOuter(probability, outer);
            Assert.That(inner, Is.EqualTo(Planes(image.GetProperty("inner"))));
            Assert.That(outer, Is.EqualTo(Planes(image.GetProperty("outer"))));
        }
    }

    private static MaskClasses Classes(JsonElement entry) => new(["first", "second"], entry.GetProperty("overlap").GetBoolean());

    private static JsonElement.ArrayEnumerator Images(JsonElement entry) => entry.GetProperty("images").EnumerateArray();

    private static MaskSet Masks(JsonElement image, string name, MaskClasses classes) =>
        new(Size, [.. image.GetProperty(name).EnumerateArray().SelectMany(Planes)], null, null, classes);

    private static byte[] Planes(JsonElement digits) =>
        [.. ((int[])[1, 2]).SelectMany(plane => digits.GetString()!.Select(digit => ((digit - '0') & plane) != 0 ? (byte)1 : (byte)0))];

    private static float[] Probability(JsonElement entry, JsonElement image)
    {
        JsonElement[] table = [.. entry.GetProperty("table").EnumerateArray()];
        int[] places = [.. image.GetProperty("probability").EnumerateArray().Select(place => place.GetInt32())];
        return [.. ((int[])[0, 1]).SelectMany(plane => places.Select(place => table[place][plane].GetSingle()))];
    }

    private static float[] Warm(float[] probability, double temperature, MaskClasses classes)
    {
        TemperatureScaling.Apply(probability, temperature, classes, Size.PixelCount);
        return probability;
    }
}
