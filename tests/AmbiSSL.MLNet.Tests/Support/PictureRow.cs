using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row whose image is a picture, of the declared size if all is well.</summary>
public sealed class PictureRow
{
    public string Id { get; set; } = "";

    [ImageType(TinyData.Side, TinyData.Side)]
    public MLImage? Image { get; set; }

    public byte[] Annotations { get; set; } = [];
}
