namespace Lessons;

/// <summary>What a cell holds.</summary>
internal enum CellKind
{
    /// <summary>Text.</summary>
    Markdown,

    /// <summary>Code.</summary>
    Code,

    /// <summary>Code that only the application has.</summary>
    App,
}
