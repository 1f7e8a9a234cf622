using System.Text.RegularExpressions;

namespace AmbiSSL.Cli;

/// <summary>What is said of an exception.</summary>
internal static partial class ErrorText
{
    /// <summary>The message on one line, without what .NET adds for programmers.</summary>
    public static string Of(Exception exception)
    {
        var message = exception is ArgumentException ? ForProgrammers().Replace(exception.Message, "") : exception.Message;
        return LineBreaks().Replace(message.Trim(), " ");
    }

    /// <summary>A message of System.CommandLine, without the names of .NET's types.</summary>
    public static string OfUsage(string message) => Unparsed().Replace(
        message, match => $"'{match.Groups["value"]}' is no value for {match.Groups["option"]}; give a {(match.Value.Contains("Int") ? "whole " : "")}number.");

    [GeneratedRegex(@"^Cannot parse argument '(?<value>.*)' for option '(?<option>[^']*)' as expected type .*(Int32|Double).*$")]
    private static partial Regex Unparsed();

    [GeneratedRegex(@" \(Parameter '[^']*'\)(\s*Actual value was .*)?", RegexOptions.Singleline)]
    private static partial Regex ForProgrammers();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();
}
