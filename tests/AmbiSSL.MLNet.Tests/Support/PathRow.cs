namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row whose image is a file.</summary>
public sealed class PathRow
{
    public string Path { get; set; } = "";

    public byte[] Annotations { get; set; } = [];
}
