namespace ServingOnnx;

/// <summary>A row with an image file.</summary>
/// <param name="Path">Of the file.</param>
public sealed record ImageFileRow(string Path);
