using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace AmbiSSL.Benchmarks;

/// <summary>What a process keeps of thousands of calls: resident memory and open files, in one process.</summary>
internal static class LongBenchmark
{
    private const int Samples = 100;
    private const int Side = 16;

    // Bytes that a call may leave, and what the allocators may hold back in a few calls.
    private const double MostKept = 5 * 1024;
    private const double HeldBack = 16 << 20;

    private static readonly AmbiSSLOptions Options = new()
    {
        Backbone = new UNetBackbone { Filters = [4, 6], ConvolutionsPerBlock = 1 },
        LatentFilters = [4],
        LatentConvolutionsPerBlock = 1,
        LatentDimensions = 2,
        BoundSamples = 2,
        Samples = 2,
        Epochs = 2,
        WarmUpEpochs = 1,
        PruneFromBlock = 0,
        Seed = 1,
        Training = new TrainingOptions { BatchSize = 4 },
    };

    /// <summary>Runs all parts and prints what each call keeps.</summary>
    /// <param name="divisor">The calls are divided by this; memory is less certain then.</param>
    /// <returns>Whether no part keeps more than it may.</returns>
    public static bool Run(int divisor)
    {
        var folder = Directory.CreateTempSubdirectory("ambissl-benchmark-");
        try
        {
            var (sound, damaged) = (Path.Combine(folder.FullName, "model.zip"), Path.Combine(folder.FullName, "damaged.zip"));
            var context = new MLContext(seed: 1);
            var data = context.AmbiguousSegmentation().Load(new ManyImages(16, Side));
            var estimator = context.Transforms.AmbiSSL(Options);
            using var model = estimator.Fit(data);
            context.Model.Save(model, data.Schema, sound);
            File.WriteAllBytes(damaged, Damage(File.ReadAllBytes(sound)));
            var image = new float[model.Shape.Length];
            var (masks, probability) = (new byte[2 * model.Shape.PixelCount], new float[model.Shape.PixelCount]);

            var isFlat = Measure("predictions", 10_000, divisor, () => model.Model.SampleMasks(image, 2, masks, probability));
            isFlat &= Measure("loads", 5_000, divisor, () => ((IDisposable)context.AmbiguousSegmentation().LoadModel(sound)).Dispose());
            isFlat &= Measure("refused loads", 5_000, divisor, () => Refuse(context, damaged));
            isFlat &= Measure("fits", 500, divisor, () => estimator.Fit(data).Dispose());
            using var rows = model.Transform(context.AmbiguousSegmentation().Load(new ManyImages(50_000 - ManyImages.Labeled, Side)))
                .GetRowCursor(model.GetOutputSchema(data.Schema).Where(column => column.Name == "Masks"));
            var getter = rows.GetGetter<VBuffer<byte>>(rows.Schema["Masks"]);
            var value = default(VBuffer<byte>);
            return Measure("images through Transform", 50_000, divisor, () =>
            {
                rows.MoveNext();
                getter(ref value);
            }) && isFlat;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool Measure(string what, int fullCount, int divisor, Action call)
    {
        var count = fullCount / divisor;
        var interval = Math.Max(1, count / Samples);
        var points = new List<(double Call, double Bytes)>();
        var watch = Stopwatch.StartNew();
        string[] files = [];
        for (var done = 1; done <= count; done++)
        {
            call();
            if (done % interval == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                if (done > count / 2)
                {
                    files = points.Count == 0 ? OpenFiles() : files;
                    points.Add((done, 1048576 * ResidentMemory.Now()));
                }
            }
        }

        var now = OpenFiles();
        var (kept, opened) = (Slope(points), now.Length - files.Length);
        var isFlat = kept < MostKept + (divisor == 1 ? 0 : HeldBack / count) && opened <= 0;
        Console.WriteLine(
            $"{count,7:N0} {what}: {kept / 1024:F2} KB a call over the last half, at {points[^1].Bytes / 1048576:F0} MiB; "
            + $"{opened} more open files{(opened > 0 ? $" ({string.Join(", ", now.Except(files))})" : "")}; {watch.Elapsed.TotalSeconds:F0} "
            + $"s{(isFlat ? "" : ". That is too much.")}");
        return isFlat;
    }

    // Least squares.
    private static double Slope(List<(double Call, double Bytes)> points)
    {
        var (call, bytes) = (points.Average(point => point.Call), points.Average(point => point.Bytes));
        return points.Sum(point => (point.Call - call) * (point.Bytes - bytes)) / points.Sum(point => (point.Call - call) * (point.Call - call));
    }

    // What descriptors point at. Libraries are opened when they are first used, and stay.
    private static string[] OpenFiles() => OperatingSystem.IsLinux()
        ? [.. Directory.GetFiles("/proc/self/fd").Select(file => new FileInfo(file).LinkTarget ?? "")
            .Where(file => !file.EndsWith(".dll", StringComparison.Ordinal))]
        : [];

    private static void Refuse(MLContext context, string path)
    {
        try
        {
            context.AmbiguousSegmentation().LoadModel(path);
            throw new InvalidOperationException("A damaged file was loaded.");
        }
        catch (InvalidDataException)
        {
            // As it must be.
        }
    }

    /// <summary>The same model with one bit of its last weight changed: it is read to its end before it is refused.</summary>
    private static byte[] Damage(byte[] zip)
    {
        using var stream = new MemoryStream();
        stream.Write(zip);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            using var content = archive.Entries.Single(entry => entry.Name == "Model.safetensors").Open();
            content.Position = content.Length - 1;
            var last = content.ReadByte();
            content.Position--;
            content.WriteByte((byte)(last ^ 1));
        }

        return stream.ToArray();
    }
}
