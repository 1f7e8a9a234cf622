namespace AmbiSSL.Torch.Imaging;

/// <summary>One row of <c>index.csv</c>.</summary>
internal sealed class IndexRow
{
    public required int Line { get; init; }

    public required string Id { get; init; }

    public required string Subject { get; init; }

    public required int? Annotators { get; init; }

    public required int? Fold { get; init; }

    public required IReadOnlyList<string> Readers { get; init; }

    public required IReadOnlyDictionary<string, string> Columns { get; init; }
}
