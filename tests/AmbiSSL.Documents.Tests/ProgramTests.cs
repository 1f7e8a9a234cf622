using NUnit.Framework;

namespace AmbiSSL.Documents.Tests;

/// <summary>What documents print can be copied into a Program.cs.</summary>
public sealed class ProgramTests
{
    private static IEnumerable<TestCaseData> Programs =>
        PrintedProgram.All.Select(program => new TestCaseData(program).SetArgDisplayNames(program.ToString()));

    [TestCaseSource(nameof(Programs))]
    public void Code_compiles_as_printed(object program) => Assert.That(((PrintedProgram)program).Errors(), Is.Empty);

    [Test]
    public void The_package_prints_the_program_of_the_README() => Assert.That(First("nuget/README.md").Code, Is.EqualTo(First("README.md").Code));

    [TestCase("README.md", "model.zip")]
    [TestCase("nuget/AmbiSSL.Torch.md", "model.safetensors")]
    public void The_first_program_trains_and_saves_a_model(string document, string model)
    {
        var before = Directory.GetCurrentDirectory();
        var folder = Directory.CreateTempSubdirectory();
        Directory.SetCurrentDirectory(folder.FullName);
        try
        {
            ImageFolder.Save(new SyntheticLesions(new SyntheticLesionOptions { Images = 4, ImagesPerSubject = 1, Height = 32, Width = 32 }), "scans");
            PrintedProgram.Of(Find(document)).First().RunFirstBlock();
            Assert.That(new FileInfo(model), Does.Exist);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
        }
    }

    private static CodeBlock First(string path) => Find(path).CSharp.First();

    private static Document Find(string path) => Document.All.Single(document => document.Path == path);
}
