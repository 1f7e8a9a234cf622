using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace AmbiSSL.Cli.Arguments;

/// <summary>Numbers are read whole and with a point for the fraction, whatever the system's language: 0,01 is no number, not 1.</summary>
internal static class NumberOptions
{
    /// <summary>Sets how every option of a command and of those below it reads its number, where it has one and does not read it itself.</summary>
    public static void ReadStrictly(Command command)
    {
        foreach (var option in command.Options)
        {
            switch (option)
            {
                case Option<int> whole:
                    whole.CustomParser ??= result => Read<int>(result);
                    break;
                case Option<int?> whole:
                    whole.CustomParser ??= result => Read<int>(result);
                    break;
                case Option<long> whole:
                    whole.CustomParser ??= result => Read<long>(result);
                    break;
                case Option<double> number:
                    number.CustomParser ??= result => Read<double>(result);
                    break;
                case Option<double?> number:
                    number.CustomParser ??= result => Read<double>(result);
                    break;
            }
        }

        foreach (var inner in command.Subcommands)
        {
            ReadStrictly(inner);
        }
    }

    /// <summary>The option with a smallest value.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, T minimum)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => Read<T>(result, number => number >= minimum, $"it must be at least {minimum}");
        return option;
    }

    /// <summary>The option with a smallest and a largest value.</summary>
    public static Option<int> Between(this Option<int> option, int minimum, int maximum)
    {
        option.CustomParser = result => Read<int>(result, number => number >= minimum && number <= maximum, $"it must be from {minimum} to {maximum}");
        return option;
    }

    /// <summary>The option with a smallest value, where it is given.</summary>
    public static Option<int?> AtLeast(this Option<int?> option, int minimum)
    {
        option.CustomParser = result => Read<int>(result, number => number >= minimum, $"it must be at least {minimum}");
        return option;
    }

    /// <summary>The option as a share above 0 up to 1.</summary>
    public static Option<double> Share(this Option<double> option)
    {
        option.CustomParser = result => Read<double>(result, share => share is > 0 and <= 1, "give a share above 0 up to 1, such as 0.1");
        return option;
    }

    /// <summary>The option as a part between 0 and 1, both excluded.</summary>
    public static Option<double?> Part(this Option<double?> option)
    {
        option.CustomParser = result => Read<double>(result, share => share is > 0 and < 1, "give a share between 0 and 1, such as 0.25");
        return option;
    }

    private static T Read<T>(ArgumentResult result, Func<T, bool>? isRight = null, string remedy = "")
        where T : struct, INumberBase<T>
    {
        var (text, name, isWhole) = (result.Tokens[0].Value, ((OptionResult)result.Parent!).Option.Name, typeof(T) != typeof(double));
        if (T.TryParse(text, isWhole ? NumberStyles.AllowLeadingSign : NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && T.IsFinite(number))
        {
            if (isRight?.Invoke(number) == false)
            {
                result.AddError($"{name} is {text}; {remedy}.");
            }

            return number;
        }

        result.AddError(
            $"'{text}' is no value for {name}; give a {(isWhole ? "whole number, such as 10" : "number, with a point for the fraction, such as 0.01")}.");
        return default;
    }
}
