namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row that names its patient and its fold.</summary>
public sealed class FoldRow : SubjectRow
{
    public int Fold { get; set; }

    public string FoldText => $"{Fold}";
}
