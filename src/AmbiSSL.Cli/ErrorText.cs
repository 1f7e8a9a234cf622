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

    [GeneratedRegex(@" \(Parameter '[^']*'\)(\s*Actual value was .*)?", RegexOptions.Singleline)]
    private static partial Regex ForProgrammers();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();
}
