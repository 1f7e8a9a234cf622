using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AmbiSSL.Benchmarks;

/// <summary>Fifty masks beside one in ONNX Runtime, on one thread: what the split head survives of the export.</summary>
internal static class OnnxBenchmark
{
    private const int Side = 128;

    public static void Run()
    {
        foreach (var (name, backbone) in UntrainedModel.Backbones)
        {
            using var model = UntrainedModel.Create(backbone, Side);
            var path = Path.Combine(Path.GetTempPath(), $"ambissl-{Guid.NewGuid():N}.onnx");
            try
            {
                model.ExportOnnx(path);
                using var options = new SessionOptions { IntraOpNumThreads = 1 };
                using var session = new InferenceSession(path, options);
                var (one, fifty) = (Seconds(session, 1), Seconds(session, 50));
                Console.WriteLine($"{name}: {Side}x{Side}, N = 1 {1000 * one:F0} ms, N = 50 {1000 * fifty:F0} ms, {fifty / one:F2} times");
            }
            finally
            {
                File.Delete(path);
            }
        }
    }

    // The least of several, since whatever else runs can only slow it down.
    private static double Seconds(InferenceSession session, int samples)
    {
        var dimensions = session.InputMetadata["noise"].Dimensions[2];
        NamedOnnxValue[] inputs =
        [
            NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(new float[Side * Side], [1, 1, Side, Side])),
            NamedOnnxValue.CreateFromTensor("noise", new DenseTensor<float>(new float[samples * dimensions], [1, samples, dimensions])),
        ];
        session.Run(inputs).Dispose();
        return Enumerable.Range(0, 15).Min(_ =>
        {
            var start = Process.GetCurrentProcess().TotalProcessorTime;
            session.Run(inputs).Dispose();
            return (Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds;
        });
    }
}
