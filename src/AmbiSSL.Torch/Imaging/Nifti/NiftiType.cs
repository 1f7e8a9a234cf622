namespace AmbiSSL.Torch.Imaging;

/// <summary>The type of a voxel's value in a NIfTI file, by the standard's number.</summary>
internal enum NiftiType : short
{
    UInt8 = 2,
    Int16 = 4,
    Int32 = 8,
    Float32 = 16,
    Float64 = 64,
    Int8 = 256,
    UInt16 = 512,
    UInt32 = 768,
}
