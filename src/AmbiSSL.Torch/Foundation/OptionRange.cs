using System.Collections;
using System.Globalization;

namespace AmbiSSL.Torch.Foundation;

/// <summary>Words the errors of options that are out of range.</summary>
internal static class OptionRange
{
    /// <summary>Throws where the condition does not hold.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the range.</exception>
    public static void Require(bool condition, string name, object? value, string range)
    {
        if (!condition)
        {
            throw new ArgumentException($"Option {name} is {Format(value)}; it must be {range}.", name);
        }
    }

    /// <summary>Requires a number of at least the minimum.</summary>
    public static void RequireAtLeast(int value, int minimum, string name) =>
        Require(value >= minimum, name, value, $"a number of at least {minimum}");

    /// <summary>Requires a number from the minimum to the maximum.</summary>
    public static void RequireBetween(int value, int minimum, int maximum, string name) =>
        Require(value >= minimum && value <= maximum, name, value, $"a number from {minimum} to {maximum}");

    /// <summary>Requires a number of at least 0 that 32 bits hold.</summary>
    public static void RequireNotNegative(double value, string name) =>
        Require(value >= 0 && float.IsFinite((float)value), name, value, "a number of at least 0");

    /// <summary>Requires a positive number that 32 bits hold.</summary>
    public static void RequirePositive(double value, string name) =>
        Require((float)value > 0 && float.IsFinite((float)value), name, value, "a positive number");

    /// <summary>Requires a number from 0 to 1.</summary>
    public static void RequireFraction(double value, string name) => Require(value is >= 0 and <= 1, name, value, "a number from 0 to 1");

    /// <summary>Requires a value that the enumeration names.</summary>
    public static void RequireDefined<T>(T value, string name)
        where T : struct, Enum => Require(Enum.IsDefined(value), name, value, "a defined value");

    private static string Format(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object>()) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "null",
    };
}
