using System.CommandLine;
using AmbiSSL.Cli.Arguments;
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
            var hasModel = model.Path(arguments) is not null;
            if (hasModel)
            {
                using var trained = model.Load(arguments, new MLContext());
                Terminal.WritePairs(text, Description.OfModel(trained));
            }

            if (data.IsGiven(arguments))
            {
                Terminal.WritePairs(text, Description.OfData(data.Open(arguments)));
            }
            else if (!hasModel)
            {
                Terminal.WritePairs(text, Description.OfTool());
            }
        });
    }
}
