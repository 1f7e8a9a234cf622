using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AmbiSSL.Torch.Tests.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Reports;

/// <summary>The page in a browser, where there is one.</summary>
public sealed partial class ReportPageTests
{
    private static readonly Lazy<JsonNode> Seen = new(() =>
    {
        var report = new EvaluationReport("Three images", "", "model");
        report.Add(TinyReport.Image("a", "s1", 8, 8), [TinyReport.Drawn(8, 7)]);
        report.Add(TinyReport.Image("b", "s1", 8, 8), [TinyReport.Drawn(4, 12)]);
        report.Add(TinyReport.Image("c", "s2", 8, 8), [TinyReport.Drawn(1, 2)]);
        report.AddCurve("model", "loss", [(1, 0.5), (2, 0.25)]);
        return Visit(report);
    });

    private static readonly Lazy<JsonNode> SeenClasses = new(() =>
    {
        var report = new EvaluationReport("Three images of two classes", "", "model");
        report.Add(TinyReport.ImageOfClasses("a", 4, 5), [TinyReport.DrawnClasses(4, 5)]);
        report.Add(TinyReport.ImageOfClasses("b", 4, 5), [TinyReport.DrawnClasses(2, 6)]);
        report.Add(TinyReport.ImageOfClasses("c", 4, 5), [TinyReport.DrawnClasses(0, 8)]);
        report.AddCurve("model", "loss", [(1, 0.5), (2, 0.25)]);
        return Visit(report);
    });

    private static readonly string? Browser =
        Array.Find(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"], File.Exists);

    [OneTimeSetUp]
    public void RequireBrowser()
    {
        if (Browser is null)
        {
            Assert.Ignore("There is no Chromium on this machine.");
        }
    }

    [Test]
    public void Nothing_fails_and_nothing_is_loaded()
    {
        Assert.That(Seen.Value["errors"]!.AsArray(), Is.Empty);
        Assert.That((int)Seen.Value["requests"]!, Is.Zero);
    }

    [Test]
    public void A_curve_goes_through_its_points() =>
        Assert.That(Text("curve"), Is.EqualTo("M187 83.75L328 141.875"), "the middle and the end of 46 to 328; 0.5 and 0.25 of 0.8 on 200 to 14");

    [Test]
    public void The_table_is_sorted_by_the_column_that_is_clicked() => Assert.Multiple(() =>
    {
        Assert.That(Names("worstFirst"), Is.EqualTo((string[])["c", "b", "a"]));
        Assert.That(Names("bestFirst"), Is.EqualTo((string[])["a", "b", "c"]));
        Assert.That(Names("byName"), Is.EqualTo((string[])["a", "b", "c"]));
        Assert.That(Text("kept"), Is.EqualTo("c"), "the image that was looked at stays");
    });

    [Test]
    public void Mouse_and_keys_choose_the_image() =>
        Assert.That((Text("clicked"), Text("below")), Is.EqualTo(("a", "b")));

    [Test]
    public void Keys_and_sliders_change_the_sample_that_is_shown() => Assert.Multiple(() =>
    {
        Assert.That(Text("sample"), Is.EqualTo("2 of 2"));
        Assert.That((bool)Seen.Value["stepChanges"]!, Is.True);
        Assert.That((bool)Seen.Value["opacityChanges"]!, Is.True);
        Assert.That((int)Seen.Value["canvases"]!, Is.EqualTo(5), "image, experts, sample, probability, uncertainty");
    });

    [Test]
    public void Classes_have_a_probability_each_and_are_sorted_and_stepped_through_as_one_is() => Assert.Multiple(() =>
    {
        Assert.That(SeenClasses.Value["errors"]!.AsArray(), Is.Empty);
        Assert.That((int)SeenClasses.Value["canvases"]!, Is.EqualTo(6), "image, experts, sample, two probabilities, uncertainty");
        Assert.That(SeenClasses.Value["worstFirst"]!.AsArray().Select(value => (string)value!), Is.EqualTo((string[])["c", "b", "a"]));
        Assert.That((bool)SeenClasses.Value["stepChanges"]!, Is.True);
    });

    private static string Text(string name) => (string)Seen.Value[name]!;

    private static string[] Names(string name) => [.. Seen.Value[name]!.AsArray().Select(value => (string)value!)];

    private static JsonNode Visit(EvaluationReport report)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Combine("report.html");
        report.Save(path);
        var probe = File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Reports", "probe.html"));
        File.WriteAllText(path, File.ReadAllText(path).Replace("<main>", probe + "<main>", StringComparison.Ordinal));
        using var process = Process.Start(new ProcessStartInfo(
            Browser!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={folder.Combine("profile")}", "--virtual-time-budget=20000", "--dump-dom",
                new Uri(path).AbsoluteUri,
            ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return JsonNode.Parse(WebUtility.HtmlDecode(Title().Match(output).Groups[1].Value))!;
    }

    [GeneratedRegex("<title>(.*?)</title>", RegexOptions.Singleline)]
    private static partial Regex Title();
}
