using System.Diagnostics;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Methods;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>Our side of vs-pytorch and overhead: reads the folder and answers the commands that pytorch_ambissl.py does, in a process of its own.</summary>
internal static class Worker
{
    public const int Samples = 10;

    public static void Run(string folder, int threads, int repetitions, ComputeDevice choice)
    {
        set_num_threads(threads);
        var device = choice.Resolve();
        backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32 = false;
        using var scope = NewDisposeScope();
        using var model = SegmentationModel.Load(Path.Combine(folder, PeerFolder.ModelName), choice);
        using var stream = File.OpenRead(Path.Combine(folder, PeerFolder.BatchName));
        var (tensors, _) = Safetensors.Read(stream, PeerFolder.BatchName);
        var batch = new TrainingBatch(tensors["labeled"], tensors["annotations"].unsqueeze(2), tensors["weak"], tensors["strong"]);
        using var step = new TrainingStep(model, batch.To(ScalarType.Float32, device));
        var images = tensors["sampled"].data<float>().ToArray();
        var count = images.Length / model.Shape.Length;
        var masks = new byte[count * Samples * model.Shape.PixelCount];
        var probability = new float[count * model.Shape.PixelCount];
        Action Sampling(int? imagesPerForward) => () => model.SampleMasks(images, Samples, masks, probability, imagesPerForward: imagesPerForward);
        while (Console.ReadLine() is { } command)
        {
            switch (command)
            {
                case "parameters":
                    Console.WriteLine(model.ParameterCount);
                    break;
                case "step":
                    Answer(new DeviceWork(device, repetitions, step.Run).Run());
                    break;
                case "sample":
                case "together":
                    model.Method.eval();
                    Answer(new DeviceWork(device, repetitions, Sampling(command == "together" ? count : null)).Run());
                    break;
                case "peak":
                    Console.WriteLine(ResidentMemory.Peak());
                    break;
                default:
                    throw new UnreachableException(command);
            }
        }
    }

    private static void Answer(Elapsed time) => Console.WriteLine($"{time.WallSeconds} {time.ProcessorSeconds}");
}
