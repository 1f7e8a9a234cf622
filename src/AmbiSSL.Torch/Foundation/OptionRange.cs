using System.Collections;
using System.Globalization;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Words the errors of options that are out of range.</summary>
internal static class OptionRange
{
    public static void Require(bool condition, string name, object? value, string range)
    {
        if (!condition)
        {
            throw new ArgumentException($"Option {name} is {Format(value)}; it must be {range}.", name);
        }
    }

    private static string Format(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object>()) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "null",
    };
}
