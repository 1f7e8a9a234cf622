using System.Text.RegularExpressions;

namespace AmbiSSL.Cli;

/// <summary>What is said of an exception.</summary>
internal static partial class ErrorText
{
    /// <summary>The message on one line, without what .NET and libtorch add for programmers.</summary>
    public static string Of(Exception exception)
    {
        if (exception is OutOfMemoryException || NotAllocated().IsMatch(exception.Message))
        {
            return "There is not enough memory; free some, or give smaller images, batches or networks, or fewer samples.";
        }

        var message = exception is ArgumentException ? ForProgrammers().Replace(exception.Message, "") : NativeFrames().Replace(exception.Message, "");
        return LineBreaks().Replace(message.Trim(), " ");
    }

    [GeneratedRegex(@" \(Parameter '[^']*'\)(\s*Actual value was .*)?", RegexOptions.Singleline)]
    private static partial Regex ForProgrammers();

    [GeneratedRegex(@"\s*(Exception raised from |frame #0: ).*", RegexOptions.Singleline)]
    private static partial Regex NativeFrames();

    [GeneratedRegex(@"^\[enforce fail .*can't allocate memory", RegexOptions.Singleline)]
    private static partial Regex NotAllocated();

    [GeneratedRegex(@"\s*[\r\n]+\s*")]
    private static partial Regex LineBreaks();
}
