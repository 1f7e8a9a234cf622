using TorchSharp;
using static TorchSharp.torch;

namespace AmbiSSL.Benchmarks;

/// <summary>
/// Work that is timed on a device, many repetitions together, up to the end of the last, where one is short or where, as on a CUDA device, the
/// device works on while the host goes ahead.
/// </summary>
internal sealed class DeviceWork(Device device, int repetitions, Action action)
{
    /// <summary>As many repetitions as the device asks for.</summary>
    public static int Repetitions(Device device) => device.type == DeviceType.CUDA ? 20 : 1;

    /// <summary>Mean time of one repetition.</summary>
    public Elapsed Run()
    {
        Wait();
        var time = Elapsed.Of(() =>
        {
            for (var i = 0; i < repetitions; i++)
            {
                action();
            }

            Wait();
        });
        return new Elapsed(time.WallSeconds / repetitions, time.ProcessorSeconds / repetitions);
    }

    private void Wait()
    {
        if (device.type == DeviceType.CUDA)
        {
            cuda.synchronize(device);
        }
    }
}
