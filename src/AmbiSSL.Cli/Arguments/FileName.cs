namespace AmbiSSL.Cli.Arguments;

/// <summary>Names of files, on whatever system they are read.</summary>
internal static class FileName
{
    /// <summary>Whether a file can be named after an image or a class: none of / \ and : is in the name.</summary>
    public static bool Allows(string name) => name.IndexOfAny(['/', '\\', ':']) < 0;
}
