using System.CommandLine;

namespace AmbiSSL.Cli.Arguments;

/// <summary>Names of files, on whatever system they are read.</summary>
internal static class FileName
{
    /// <summary>Whether a file can be named after an image or a class: none of / \ and : is in the name.</summary>
    public static bool Allows(string name) => name.IndexOfAny(['/', '\\', ':']) < 0;

    /// <summary>Lets an option refuse a path that is empty.</summary>
    public static void RequirePath(this Option option) => option.Validators.Add(result =>
    {
        if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
        {
            result.AddError($"{option.Name} is empty; name a file or a folder.");
        }
    });
}
