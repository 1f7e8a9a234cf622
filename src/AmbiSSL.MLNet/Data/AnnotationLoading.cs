namespace AmbiSSL.MLNet.Data;

/// <summary>What is known of annotations to load, as a model file keeps it.</summary>
/// <param name="Output">Column of the masks.</param>
/// <param name="Input">Column of the paths or ids.</param>
/// <param name="Options">How files are found and read.</param>
/// <param name="Size">Size of every mask; null where there was none to know it from.</param>
internal sealed record AnnotationLoading(string Output, string Input, AnnotationLoadingOptions Options, ImageSize? Size)
{
    /// <summary>Checks what a file says.</summary>
    /// <exception cref="ArgumentException">A name is empty, or an option out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Output);
        ArgumentException.ThrowIfNullOrWhiteSpace(Input);
        ArgumentNullException.ThrowIfNull(Options);
        Options.Validate();
        string[] outputs =
        [
            Output,
            .. Options.KnowsReaders ? [Options.ReadersColumn] : (string[])[],
            .. Options.IsIgnoring ? [Options.IgnoredColumn] : (string[])[],
        ];
        if (outputs.Distinct(StringComparer.Ordinal).Count() < outputs.Length)
        {
            throw new ArgumentException(
                $"The output columns are {string.Join(", ", outputs)}; give masks, readers ({nameof(Options.ReadersColumn)}) and ignored pixels "
                + $"({nameof(Options.IgnoredColumn)}) each a name of its own.");
        }
    }
}
