namespace AmbiSSL.Documents.Tests;

/// <summary>A block of C# in a document.</summary>
/// <param name="Document">The document.</param>
/// <param name="Line">The document's line, from 1, that the code begins on.</param>
/// <param name="Code">The code.</param>
internal sealed record CodeBlock(Document Document, int Line, string Code);
