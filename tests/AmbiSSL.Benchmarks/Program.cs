using System.CommandLine;
using System.Globalization;
using AmbiSSL.Benchmarks;
using AmbiSSL.Torch.Runtime;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
NativeMemory.KeepFreed();

var root = new RootCommand("Times the parts of AmbiSSL.MLNet; README.md beside this program tells what each figure means.")
{
    Benchmark("metrics", "Every figure of 1,000 images, ten samples, four annotators, 128x128", MetricsBenchmark.Run),
    Benchmark("sampling", "One, ten and fifty masks for an image; the split head beside the plain one", SamplingBenchmark.Run),
    Benchmark("step", "A training step: rate, convolutions, parts", StepBenchmark.Run),
};
return root.Parse(args).Invoke();

static Command Benchmark(string name, string description, Action run)
{
    var command = new Command(name, description);
    command.SetAction(_ => run());
    return command;
}
