using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The arguments that choose a method, its options, seed and device.</summary>
internal sealed class MethodArguments
{
    private static readonly string[] Backbones = ["unet", "resnet34"];

    private readonly Option<string> _method = new("--method") { Description = "Method", DefaultValueFactory = _ => AmbiSSLOptions.Word };
    private readonly Option<string?> _preset = new("--preset") { Description = "AmbiSSL: the options to start from" };
    private readonly Option<int?> _epochs = new("--epochs") { Description = "Passes over the unlabeled images" };
    private readonly Option<int?> _batch = new("--batch") { Description = "Images in a batch, half of them labeled" };
    private readonly Option<string?> _backbone = new("--backbone") { Description = "Encoder-decoder: unet (light) or resnet34 (the paper's size)" };
    private readonly Option<int[]?> _filters = new("--filters")
    {
        Description = "Filters of each level of the unet, finest first, such as 16,32,64,128", HelpName = "N,N,…", CustomParser = result =>
        {
            var numbers = new List<int>();
            foreach (var part in result.Tokens[0].Value.Split(','))
            {
                if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    result.AddError($"'{part}' in --filters is no number; write numbers with commas between them, such as 16,32,64,128.");
                    return null;
                }

                numbers.Add(number);
            }

            return [.. numbers];
        },
    };

    private readonly Option<double?> _learningRate = new("--learning-rate") { Description = "Initial learning rate of Adam" };
    private readonly Option<Precision?> _precision = new("--precision") { Description = "Numbers that convolutions compute with: float32 or bfloat16" };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any other option of the method, such as --set Beta=0.25", HelpName = "NAME=VALUE", AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> _seed = new("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };
    private readonly Option<ImageSize?> _windows = new("--window")
    {
        Description = "Train on random crops of HxW pixels and see images through windows of that size, so that they may have any", HelpName = "HxW",
        CustomParser = DataArguments.ParseSize,
    };

    private readonly IntensityWindowArgument _window = new();
    private readonly DeviceArgument _device = new();
    private readonly Option<long> _cacheLimit = new Option<long>("--cache-limit")
    {
        Description = "Bytes of decoded images kept in memory; more are put into a temporary file", HelpName = "BYTES",
        DefaultValueFactory = _ => ImageCache.DefaultLimitBytes,
    }.AtLeast(0);

    private readonly Option<bool> _noCudaGraphs = new("--no-cuda-graphs") { Description = "On a CUDA device: start each operation of each step by itself" };

    private readonly Option<double?> _alphaUnlabeled = new("--alpha-u")
    {
        Description = "AmbiSSL with --preset published: weight of the unlabeled Kullback-Leibler terms (Table 3)",
    };

    private readonly Option<int?> _pruneFromBlock = new("--prune-from-block") { Description = "AmbiSSL: first decoder block that is pruned (Table 4)" };
    private readonly Option<double?> _keepFraction = new("--keep-fraction")
    {
        Description = "AmbiSSL: share of a layer's weights that pruning keeps (Table 4)",
    };

    /// <summary>Adds the arguments to a command.</summary>
    public void AddTo(Command command)
    {
        _method.AcceptOnlyFromAmong(MethodSettings.Words);
        _preset.AcceptOnlyFromAmong(MethodSettings.Presets);
        _backbone.AcceptOnlyFromAmong(Backbones);
        Option[] options =
        [
            _method, _preset, _epochs, _batch, _backbone, _filters, _learningRate, _precision, _alphaUnlabeled, _pruneFromBlock, _keepFraction, _set, _seed,
            _cacheLimit, _noCudaGraphs, _windows,
        ];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        _window.AddTo(command);
        _device.AddTo(command);

        // --set takes all that follows up to the next option that there is.
        _set.Validators.Add(given =>
        {
            if (given.Tokens.FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
            {
                given.AddError(UnknownArgument.Sentence(command, unknown.Value));
            }
        });
    }

    /// <summary>Seed of everything random.</summary>
    public int Seed(ParseResult result) => result.GetValue(_seed);

    /// <summary>The method that the arguments describe.</summary>
    /// <exception cref="UsageException">An option is unknown to the method or out of its range.</exception>
    public SegmentationOptions Options(ParseResult result) => MethodSettings.ToOptions(Settings(result));

    /// <summary>The same of a run that validates nothing: options that act on validations alone are refused.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="remedy">What the user can do.</param>
    /// <exception cref="UsageException">An option is unknown to the method, out of its range, or without effect.</exception>
    public SegmentationOptions OptionsWithoutValidation(ParseResult result, string remedy)
    {
        var options = Options(result);
        var name = options.Training.EarlyStoppingPatience is not null ? nameof(TrainingOptions.EarlyStoppingPatience)
            : options.Training.ValidationEvery != new TrainingOptions().ValidationEvery ? nameof(TrainingOptions.ValidationEvery)
            : null;
        return name is null ? options : throw new UsageException($"{name} is set, but nothing is kept out to validate on; {remedy}.");
    }

    /// <summary>Where and with what it runs.</summary>
    public RunOptions Run(ParseResult result) => new()
    {
        Device = _device.Value(result), CacheLimitBytes = result.GetValue(_cacheLimit), UseCudaGraphs = !result.GetValue(_noCudaGraphs),
    };

    /// <summary>The settings that were given, by name, as model and result files spell them.</summary>
    /// <exception cref="UsageException">An argument cannot be read.</exception>
    public JsonObject Settings(ParseResult result)
    {
        var settings = new JsonObject { [MethodSettings.MethodKey] = result.GetValue(_method), [nameof(SegmentationOptions.Seed)] = Seed(result) };
        if (result.GetValue(_preset) is { } preset)
        {
            settings[MethodSettings.PresetKey] = preset;
        }

        Put(nameof(SegmentationOptions.Epochs), result.GetValue(_epochs));
        Put(nameof(TrainingOptions.BatchSize), result.GetValue(_batch));
        Put(nameof(TrainingOptions.LearningRate), result.GetValue(_learningRate));
        if (result.GetValue(_precision) is { } precision)
        {
            settings[nameof(SegmentationOptions.Precision)] = precision.ToString();
        }

        if (result.GetValue(_windows) is { } size)
        {
            settings[nameof(TrainingOptions.Windows)] = new JsonObject { [nameof(WindowOptions.Size)] = MethodSettings.ToJson(size) };
        }

        if (_window.Value(result) is { } window)
        {
            settings[nameof(TrainingOptions.IntensityWindow)] = MethodSettings.ToJson(window);
        }

        if (Backbone(result.GetValue(_backbone), result.GetValue(_filters)) is { } backbone)
        {
            settings[nameof(SegmentationOptions.Backbone)] = backbone;
        }

        Put(nameof(AmbiSSLOptions.AlphaUnlabeled), AlphaUnlabeled(result));
        Put(nameof(AmbiSSLOptions.PruneFromBlock), result.GetValue(_pruneFromBlock));
        Put(nameof(AmbiSSLOptions.KeepFraction), result.GetValue(_keepFraction));
        foreach (var assignment in result.GetValue(_set) ?? [])
        {
            var parts = assignment.Split('=', 2);
            if (parts.Length != 2)
            {
                throw new UsageException($"--set {assignment}: write NAME=VALUE, such as --set Beta=0.25.");
            }

            settings[parts[0]] = MethodSettings.Parse(parts[1]);
        }

        return settings;

        void Put<T>(string name, T? value)
            where T : struct
        {
            if (value is { } given)
            {
                settings[name] = JsonValue.Create(given);
            }
        }
    }

    private double? AlphaUnlabeled(ParseResult result) =>
        result.GetValue(_alphaUnlabeled) is { } weight && result.GetValue(_preset) != "published"
            ? throw new UsageException(FormattableString.Invariant(
                $"--alpha-u {weight} belongs to --preset published, whose losses have unlabeled Kullback-Leibler terms; give that too, or leave it out."))
            : result.GetValue(_alphaUnlabeled);

    private static JsonObject? Backbone(string? kind, int[]? filters)
    {
        // An option of an array that was not given has an empty one.
        if (filters is null or [])
        {
            return kind is null ? null : new JsonObject { ["kind"] = kind };
        }

        return kind is null or "unet"
            ? new JsonObject { ["kind"] = "unet", ["Filters"] = new JsonArray([.. filters.Select(f => (JsonNode)f)]) }
            : throw new UsageException($"--filters {string.Join(',', filters)} belongs to --backbone unet; {kind} has filters of its own.");
    }
}
