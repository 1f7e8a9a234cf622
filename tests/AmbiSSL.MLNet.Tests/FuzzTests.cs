using AmbiSSL.Fuzz;
using AmbiSSL.Fuzz.Targets;

namespace AmbiSSL.MLNet.Tests;

/// <summary>A few of the damaged files that <c>tests/AmbiSSL.Fuzz</c> makes by the million, and all that ever broke something.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Kinds = [.. AllTargets.List.Select(target => target.Name)];

    [TestCaseSource(nameof(Kinds))]
    public void DamagedFile_KeepsTheInvariant(string kind)
    {
        var failures = Directory.CreateTempSubdirectory("ambissl-");
        try
        {
            var run = new FuzzRun("AmbiSSL.MLNet.Tests", failures.FullName);
            run.CheckKept(AllTargets.Find(kind));
            run.Check(AllTargets.Find(kind), seed: 1, count: 100);

            Assert.That(run.Problems, Is.Empty);
        }
        finally
        {
            failures.Delete(recursive: true);
        }
    }
}
