using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AmbiSSL.Benchmarks;

/// <summary>
/// Fifty masks beside one in ONNX Runtime, on one thread: what the split head survives of the export; and the file of 8 bits beside that of 32, in turns.
/// </summary>
internal static class OnnxBenchmark
{
    private const int Side = 128;

    public static void Run()
    {
        foreach (var (name, backbone) in UntrainedModel.Backbones)
        {
            using var model = UntrainedModel.Create(backbone, Side);
            var folder = Directory.CreateTempSubdirectory("ambissl-");
            try
            {
                var (full, int8) = (Path.Combine(folder.FullName, "full.onnx"), Path.Combine(folder.FullName, "int8.onnx"));
                model.ExportOnnx(full);
                model.ExportOnnx(int8, new OnnxExportOptions { Int8Images = new ManyImages(16, Side) });
                using var options = new SessionOptions { IntraOpNumThreads = 1 };
                using InferenceSession first = new(full, options), second = new(int8, options);
                var (one, fifty) = (Seconds([first, second], 1), Seconds([first, second], 50));
                Console.WriteLine($"{name}: {Side}x{Side}, N = 1 {1000 * one[0]:F0} ms, N = 50 {1000 * fifty[0]:F0} ms, {fifty[0] / one[0]:F2} times");
                Console.WriteLine(
                    $"{name}, 8 bits: {new FileInfo(int8).Length / (double)new FileInfo(full).Length:F2} of the file, "
                    + $"N = 1 {1000 * one[1]:F0} ms, {one[1] / one[0]:F2} times, N = 50 {1000 * fifty[1]:F0} ms, {fifty[1] / fifty[0]:F2} times");
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        }
    }

    // The least of several, since whatever else runs can only slow it down.
    private static double[] Seconds(InferenceSession[] sessions, int samples)
    {
        var least = Array.ConvertAll(sessions, _ => double.PositiveInfinity);
        for (var turn = 0; turn < 15; turn++)
        {
            for (var place = 0; place < sessions.Length; place++)
            {
                least[place] = Math.Min(least[place], Seconds(sessions[place], samples));
            }
        }

        return least;
    }

    private static double Seconds(InferenceSession session, int samples)
    {
        var dimensions = session.InputMetadata["noise"].Dimensions[2];
        NamedOnnxValue[] inputs =
        [
            NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(new float[Side * Side], [1, 1, Side, Side])),
            NamedOnnxValue.CreateFromTensor("noise", new DenseTensor<float>(new float[samples * dimensions], [1, samples, dimensions])),
        ];
        session.Run(inputs).Dispose();
        var start = Process.GetCurrentProcess().TotalProcessorTime;
        session.Run(inputs).Dispose();
        return (Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds;
    }
}
