using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace AmbiSSL.MLNet.Tests.Support;

/// <summary>A row whose picture is larger than the images of the model.</summary>
public sealed class WholePictureRow
{
    [ImageType(24, 32)]
    public MLImage? Image { get; set; }

    public byte[] Annotations { get; set; } = [];
}
