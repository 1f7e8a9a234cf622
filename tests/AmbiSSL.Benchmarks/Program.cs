using System.CommandLine;
using System.Globalization;
using AmbiSSL;
using AmbiSSL.Benchmarks;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
NativeMemory.KeepFreed();

var folder = new Argument<string>("folder");
var threads = new Argument<int>("threads");
var device = new Option<ComputeDevice>("--device")
{
    Description = "cpu, cuda or cuda:INDEX",
    DefaultValueFactory = _ => ComputeDevice.Cpu,
    CustomParser = result => ComputeDevice.Parse(result.Tokens[0].Value),
};
var repetitions = new Argument<int>("repetitions");
var worker = new Command("worker", "Our side of vs-pytorch and overhead, which start it") { folder, threads, repetitions, device };
worker.Hidden = true;
worker.SetAction(arguments => Worker.Run(
    arguments.GetValue(folder)!, arguments.GetValue(threads), arguments.GetValue(repetitions), arguments.GetValue(device)));

var count = new Argument<int>("count");
var scaleOf = new Command("scale-of", "One line of scale, which starts it") { count };
scaleOf.Hidden = true;
scaleOf.SetAction(arguments => ScaleBenchmark.Measure(arguments.GetValue(count)));

var precision = new Option<Precision>("--precision") { Description = "Float32 or BFloat16, for our side" };
var peerPrecision = new Option<Precision>("--peer-precision") { Description = "Float32, or BFloat16 by PyTorch's autocast, for PyTorch's side" };
var turns = new Option<int>("--turns") { Description = "How often each time is taken", DefaultValueFactory = _ => 5 };
var versusPyTorch = new Command("vs-pytorch", "Training step and sampling beside the same network in PyTorch") { precision, peerPrecision, device, turns };
versusPyTorch.SetAction(arguments => PyTorchBenchmark.Run(
    arguments.GetValue(precision), arguments.GetValue(peerPrecision), arguments.GetValue(device), arguments.GetValue(turns)));
var onDevice = new Command("device", "A training step on a device: compared with float64 and with recorded steps, and its rate") { device, turns };
onDevice.SetAction(arguments => DeviceBenchmark.Run(arguments.GetValue(device), arguments.GetValue(turns)));

var divisor = new Option<int>("--divide") { Description = "The calls are divided by this", DefaultValueFactory = _ => 1 };
var overLong = new Command("long", "Memory and open files over thousands of predictions, loads and fits in one process; fails where they grow") { divisor };
overLong.SetAction(arguments => LongBenchmark.Run(arguments.GetValue(divisor)) ? 0 : 1);

var root = new RootCommand("Times the parts of AmbiSSL.MLNet; README.md beside this program tells what each figure means.")
{
    Benchmark("metrics", "The usual figures of 1,000 images, ten samples, four annotators, 128x128", MetricsBenchmark.Run),
    BenchmarkIn("sampling", "One, ten and fifty masks for an image; the split head beside the plain one", SamplingBenchmark.Run),
    Benchmark("onnx", "Fifty masks beside one in ONNX Runtime, and 8 bits beside 32", OnnxBenchmark.Run),
    Benchmark("batching", "One forward for several images beside one for each", BatchingBenchmark.Run),
    BenchmarkIn("step", "A training step: rate, convolutions, parts", StepBenchmark.Run),
    versusPyTorch,
    Benchmark("overhead", "A training step on tiny images: its operations, and its time beside PyTorch's", OverheadBenchmark.Run),
    Benchmark("pipeline", "Transform from PNG files beside the bare model", PipelineBenchmark.Run),
    onDevice,
    Benchmark("scale", "Memory and time of a step with 1,000 to 100,000 unlabeled images", ScaleBenchmark.Run),
    overLong,
    Benchmark("weights", "Hashes of every method's weights after two epochs", TrainedWeights.Run),
    worker,
    scaleOf,
};
return root.Parse(args).Invoke();

static Command Benchmark(string name, string description, Action run)
{
    var command = new Command(name, description);
    command.SetAction(_ => run());
    return command;
}

Command BenchmarkIn(string name, string description, Action<Precision> run)
{
    var command = new Command(name, description) { precision };
    command.SetAction(arguments => run(arguments.GetValue(precision)));
    return command;
}
