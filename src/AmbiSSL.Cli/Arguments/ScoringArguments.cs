using System.CommandLine;
using AmbiSSL.Cli.Data;
using Microsoft.ML;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The arguments of all commands that draw masks with a model of a file.</summary>
internal sealed class ScoringArguments
{
    private readonly ModelArgument _model = new(maySeveral: true);
    private readonly SamplesArgument _samples = new();
    private readonly DeviceArgument _device = new();
    private readonly Option<int?> _imagesPerForward = new Option<int?>("--images-per-forward")
    {
        Description = "Images that go through the networks together: 1 by default on a CPU, up to 64 on a GPU. With several, the last bit of a probability "
            + "depends on the images beside",
        HelpName = "COUNT",
    }.AtLeast(1);

    /// <summary>Adds the arguments to a command.</summary>
    public void AddTo(Command command)
    {
        _model.AddTo(command);
        _samples.AddTo(command);
        _device.AddTo(command);
        command.Options.Add(_imagesPerForward);
    }

    /// <summary>Reads the model, or several as one, which the caller disposes.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="context">The context to load it with.</param>
    /// <param name="path">Another file than the one that <c>--model</c> names.</param>
    public TrainedModel Load(ParseResult result, MLContext context, string? path = null)
    {
        var models = new List<TrainedModel>();
        try
        {
            foreach (var file in path is null ? _model.Paths(result) : [path])
            {
                models.Add(TrainedModel.Load(context, file, _device.Value(result), _samples.Value(result), result.GetValue(_imagesPerForward)));
            }

            return models is [var only] ? only : TrainedModel.Ensemble(models);
        }
        catch
        {
            models.ForEach(model => model.Dispose());
            throw;
        }
    }
}
