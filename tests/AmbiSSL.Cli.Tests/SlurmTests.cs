using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Tests;

/// <summary>Job arrays of Slurm do what one process does. <c>tests/slurm.sh</c> starts Slurm and runs these.</summary>
[Category("Slurm")]
[Explicit("They take a Slurm that runs: tests/slurm.sh starts one.")]
internal sealed class SlurmTests : CliFixture
{
    private const int Images = 200;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    [Test]
    public void Images_predicted_by_an_array_of_which_a_task_is_killed_and_requeued_are_those_of_one_process()
    {
        Tool.Succeed("synth", "--out", At("data"), "--images", $"{Images}", "--annotators", "3", "--size", "64x64", "--seed", "5");
        Tool.Succeed(["train", "--data", At("data"), "--labeled", "0.1", "--seed", "7", "--out", At("model.zip"), .. TinyModel]);
        var predict = $"predict --model {At("model.zip")} --data {At("data")} --device cpu";
        Succeed(ToolProcess.Start([.. predict.Split(' '), "--out", At("whole")]));

        var job = Submit(
            $"--array=0-3 --requeue --output={At("task-%a.log")} --open-mode=append", $"{predict} --out {At("parts")} --shard $SLURM_ARRAY_TASK_ID/4",
            $"echo $$ > {At("task-$SLURM_ARRAY_TASK_ID.pid")}");
        WaitFor("five images of the second shard", () => Done("parts").Count(id => id % 4 == 1) >= 5);
        using (var task = Process.GetProcessById(int.Parse(File.ReadAllText(At("task-1.pid")), CultureInfo.InvariantCulture)))
        {
            task.Kill();
        }

        WaitFor("the end of the killed task", () => State($"{job}_1") == "FAILED");
        var saved = Done("parts").Count(id => id % 4 == 1);
        Slurm("scontrol", "requeue", $"{job}_1");
        WaitForEnd(job);
        var end = Slurm("scontrol", "show", "job", $"{job}_1");

        var merged = Tool.Succeed("merge", "--out", At("parts"));
        var requeued = File.ReadAllText(At("task-1.log"));
        TestContext.Out.WriteLine($"killed after {saved} of {Images / 4} images; the requeued task: {requeued.Trim()}\n{merged}");
        Assert.Multiple(() =>
        {
            Assert.That(saved, Is.LessThan(Images / 4), "the task was killed before its end");
            Assert.That(end, Does.Contain("Restarts=1").And.Contain("JobState=COMPLETED"));
            Assert.That(requeued, Does.Contain($"{(Images / 4) - saved} images written to {At("parts")}, {saved} were there already."));
            Assert.That(merged, Does.StartWith($"All {Images} images are there"));
            Assert.That(Bytes("parts"), Is.EqualTo(Bytes("whole")));
        });
    }

    [Test]
    public void The_table_of_methods_and_folds_trained_by_an_array_is_the_sequential_one()
    {
        string Crossval(string method, string folder) =>
            $"crossval --data {Data} --method {method} --folds 4 --seed 3 --backbone unet --filters 4,8 --epochs 3 --batch 4 --device cpu "
            + $"--samples 4 --out {At(folder)}";
        string[] methods = ["supervised", "self-training"];
        foreach (var method in methods)
        {
            Succeed(ToolProcess.Start(Crossval(method, $"one-{method}").Split(' ')));
        }

        var job = Submit(
            $"--array=0-7 --output={At("fold-%a.log")}",
            $"{Crossval("${methods[SLURM_ARRAY_TASK_ID / 4]}", "${methods[SLURM_ARRAY_TASK_ID / 4]}")} --fold $((SLURM_ARRAY_TASK_ID % 4)) --json "
            + $"{At("$SLURM_ARRAY_TASK_ID.json")}",
            $"methods=({string.Join(' ', methods)})");
        WaitForEnd(job);

        foreach (var method in methods)
        {
            Succeed(ToolProcess.Start(Crossval(method, method).Split(' ')));
            var table = File.ReadAllText(At(method, "figures.json"));
            TestContext.Out.WriteLine($"{method}: GED {JsonNode.Parse(table)!["mean"]!["ged"]}");
            Assert.That(table, Is.EqualTo(File.ReadAllText(At($"one-{method}", "figures.json"))), method);
            Assert.That(Directory.GetFiles(At(method), "checkpoint.safetensors", SearchOption.AllDirectories), Has.Length.EqualTo(4));
        }
    }

    private static void Succeed(Process process)
    {
        using (process)
        {
            Assert.That(ToolProcess.Wait(process), Is.EqualTo((0, "")));
        }
    }

    private string Submit(string options, string arguments, string before = "")
    {
        var script = At($"{Guid.NewGuid():N}.sh");
        File.WriteAllText(
            script, $"#!/bin/bash\nexport OMP_NUM_THREADS=1\n{before}\nexec dotnet {Path.Combine(AppContext.BaseDirectory, "ambissl.dll")} {arguments}\n");
        return Slurm("sbatch", ["--parsable", .. options.Split(' '), script]).Trim();
    }

    private static string Slurm(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That((process.ExitCode, error.Result), Is.EqualTo((0, "")), $"{program} {string.Join(' ', arguments)}");
        return output;
    }

    private static string State(string task)
    {
        var show = Slurm("scontrol", "show", "job", task);
        return show[(show.IndexOf("JobState=", StringComparison.Ordinal) + "JobState=".Length)..].Split(' ')[0];
    }

    private static void WaitForEnd(string job) => WaitFor("the end of the job", () => Slurm("squeue", "-h", "-j", job).Length == 0);

    private static void WaitFor(string what, Func<bool> isSo)
    {
        for (var start = Stopwatch.StartNew(); !isSo(); Thread.Sleep(100))
        {
            Assert.That(start.Elapsed, Is.LessThan(TimeLimit), $"{what} did not come");
        }
    }

    // Numbers of the images that are done.
    private List<int> Done(string folder) => Directory.Exists(At(folder, "sheets"))
        ? [.. Directory.GetFiles(At(folder, "sheets"), "*.png")
            .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file)[^5..], CultureInfo.InvariantCulture))]
        : [];

    private SortedDictionary<string, string> Bytes(string folder) => new(
        Directory.GetFiles(At(folder), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "manifest")
            .ToDictionary(file => Path.GetRelativePath(At(folder), file), file => Convert.ToHexString(File.ReadAllBytes(file))),
        StringComparer.Ordinal);
}
