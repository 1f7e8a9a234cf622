namespace AmbiSSL;

/// <summary>
/// The type in which pixels are stored. Integers stand for 0 to 1, the whole range of the type, and floating-point numbers are taken as they are, unless a
/// <see cref="IntensityWindow"/> says otherwise.
/// </summary>
public enum PixelType
{
    /// <summary>8 bits without sign: k stands for k/255.</summary>
    UInt8,

    /// <summary>16 bits without sign: k stands for k/65535.</summary>
    UInt16,

    /// <summary>32-bit floating-point numbers.</summary>
    Float32,
}
