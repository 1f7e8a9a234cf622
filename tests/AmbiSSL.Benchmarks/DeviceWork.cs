using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>
/// Work that is timed on a device. A CUDA device works on while the host goes ahead, so there many repetitions are timed together, up to
/// the end of the last.
/// </summary>
internal sealed class DeviceWork(Device device, Action action)
{
    private readonly int _repetitions = device.type == DeviceType.CUDA ? 20 : 1;

    /// <summary>Mean time of one repetition.</summary>
    public Elapsed Run()
    {
        Wait();
        var time = Elapsed.Of(() =>
        {
            for (var i = 0; i < _repetitions; i++)
            {
                action();
            }

            Wait();
        });
        return new Elapsed(time.WallSeconds / _repetitions, time.ProcessorSeconds / _repetitions);
    }

    private void Wait()
    {
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize(device);
        }
    }
}
