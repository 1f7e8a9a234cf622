using System.CommandLine;
using AmbiSSL.Cli.Arguments;
using AmbiSSL.Cli.Data;
using AmbiSSL.Cli.Output;
using Microsoft.ML;

namespace AmbiSSL.Cli.Commands;

/// <summary><c>ambissl info</c>: tells of a model, of a data set, or of the tool.</summary>
internal static class InfoCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var model = new ModelArgument(isRequired: false);
        var data = new DataArguments(isRequired: false);
        var command = new Command("info", "Tells of a model file, of a data set, or, without arguments, of the tool and the machine.");
        model.AddTo(command);
        data.AddTo(command);
        return command.Runs((arguments, text, _) =>
        {
            var path = model.Path(arguments);
            if (path is not null)
            {
                using var trained = TrainedModel.Load(new MLContext(), path);
                Terminal.WritePairs(text, Description.OfModel(trained));
            }

            if (data.IsGiven(arguments))
            {
                Terminal.WritePairs(text, Description.OfData(data.Open(arguments)));
            }
            else if (path is null)
            {
                Terminal.WritePairs(text, Description.OfTool());
            }
        });
    }
}
