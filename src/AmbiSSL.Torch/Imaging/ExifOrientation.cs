using System.Buffers.Binary;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// How a stored picture is turned to stand upright, as cameras write it into a file (EXIF 2.3, tag 274): 1 as it is, 2 to 4 mirrored or upside
/// down, 5 to 8 with rows and columns exchanged too.
/// </summary>
internal static class ExifOrientation
{
    /// <summary>A picture that is stored upright.</summary>
    public const int Upright = 1;

    private const int Tag = 274;
    private const int EntryLength = 12;

    /// <summary>Whether height and width change places.</summary>
    public static bool IsSideways(int orientation) => orientation >= 5;

    /// <summary>The shape of the upright picture.</summary>
    public static ImageShape Turn(ImageShape shape, int orientation) =>
        IsSideways(orientation) ? shape with { Height = shape.Width, Width = shape.Height } : shape;

    /// <summary>Finds the orientation in the first directory of an EXIF block.</summary>
    /// <param name="exif">The block, which is a TIFF file.</param>
    /// <returns>1 to 8; 1 where the block says nothing that can be read.</returns>
    public static int Read(ReadOnlySpan<byte> exif)
    {
        var isLittle = exif.StartsWith("II*\0"u8);
        if (exif.Length < 8 || !(isLittle || exif.StartsWith("MM\0*"u8)))
        {
            return Upright;
        }

        var directory = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(exif[4..]) : BinaryPrimitives.ReadUInt32BigEndian(exif[4..]);
        if (directory > exif.Length - 2)
        {
            return Upright;
        }

        var entries = exif[((int)directory + 2)..];
        for (var count = Number(exif[(int)directory..], isLittle); count > 0 && entries.Length >= EntryLength; count--, entries = entries[EntryLength..])
        {
            if (Number(entries, isLittle) == Tag)
            {
                return Number(entries[8..], isLittle) is >= 1 and <= 8 and var orientation ? orientation : Upright;
            }
        }

        return Upright;
    }

    /// <summary>How an image is to be turned: upright, or not at all where its masks belong to what is stored.</summary>
    /// <param name="image">Path of the image.</param>
    /// <param name="header">What it says of itself.</param>
    /// <param name="wanted">What is done with images that are not stored upright.</param>
    /// <param name="mask">Gives the name and the size of a mask of it; null where there is none.</param>
    /// <exception cref="InvalidDataException">The mask does not say which.</exception>
    public static int Choose(string image, ImageHeader header, ImageOrientation wanted, Func<(string Name, ImageSize Size)>? mask)
    {
        if (header.IsUpright || wanted == ImageOrientation.Stored)
        {
            return Upright;
        }

        if (wanted == ImageOrientation.Upright || mask is null)
        {
            return header.Orientation;
        }

        var (name, outlined) = mask();
        var (stored, upright) = (header.Shape.Size, header.UprightShape.Size);
        return (outlined == upright) != (outlined == stored)
            ? outlined == upright ? header.Orientation : Upright
            : throw new InvalidDataException(
                $"Image '{image}' has the EXIF orientation {header.Orientation}: as a viewer shows it, it is {upright} pixels (height x width), and as it is "
                + $"stored {stored}. Its mask {name} of {outlined} does not tell which of them was outlined; say with "
                + $"{nameof(ReadingOptions.Orientation)} (--orientation) whether images are meant upright or as they are stored.");
    }

    private static int Number(ReadOnlySpan<byte> bytes, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
