using AmbiSSL.MLNet.Columns;
using AmbiSSL.Torch.Imaging;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>Which classes the experts' masks of some rows have: where a class is in none, another value may have been meant.</summary>
/// <param name="classes">The classes.</param>
/// <param name="column">Name of the column of masks.</param>
/// <param name="preprocessing">How the masks became their size.</param>
internal sealed class DrawnClasses(MaskClasses classes, string column, Preprocessing preprocessing)
{
    private readonly bool[] _drawn = new bool[classes.Count];
    private int _masks;
    private int _images;

    /// <summary>Looks at the masks of a row.</summary>
    public void Add(MaskSet masks)
    {
        _masks += masks.Count;
        _images++;
        for (var position = 0; position < _drawn.Length; position++)
        {
            for (var mask = 0; mask < masks.Count && !_drawn[position]; mask++)
            {
                _drawn[position] = masks.Plane(mask, position).ContainsAnyExcept((byte)0);
            }
        }
    }

    /// <summary>Refuses masks none of which has a pixel of any class.</summary>
    /// <param name="context">Marks the error.</param>
    /// <param name="consequence">What cannot be done with them, as the end of a clause.</param>
    /// <exception cref="InvalidOperationException">There is no such pixel.</exception>
    public void RequireAny(IExceptionContext context, string consequence)
    {
        if (!_drawn.Contains(true))
        {
            throw ColumnErrors.InColumn(context, column, $"{None}, so that {consequence}", ForegroundCheck.Remedy(classes, preprocessing));
        }
    }

    /// <summary>Warns of classes of which no mask has a pixel.</summary>
    /// <param name="context">Receives the warning.</param>
    public void WarnOfAbsent(IChannelProvider context)
    {
        string[] absent = [.. classes.Names.Where((_, position) => !_drawn[position])];
        if (absent.Length == 0)
        {
            return;
        }

        using var channel = context.Start("Evaluation");
        channel.Warning(
            MessageSensitivity.None,
            "{0}",
            $"Column '{column}': " + (absent.Length == classes.Count
                ? $"{None}, so that figures tell only whether the model draws nothing; {ForegroundCheck.Remedy(classes, preprocessing)}."
                : $"no mask of the {_images} annotated images has a pixel of the class{(absent.Length == 1 ? "" : "es")} '{string.Join("', '", absent)}', "
                    + "of which figures tell only whether the model draws none; its values or its name may be others (--classes)."));
    }

    private string None => ForegroundCheck.NoneOf(_masks, $"{_images} annotated images", classes, preprocessing);
}
