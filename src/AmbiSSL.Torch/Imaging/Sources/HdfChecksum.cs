using PureHDF.Filters;

namespace AmbiSSL.Torch.Imaging;

/// <summary>
/// The checksum of an HDF5 chunk (Fletcher 32) in place of PureHDF's, whose result is a part of what it is given: memory that the next chunk is read into.
/// </summary>
internal sealed class HdfChecksum : IH5Filter
{
    private readonly Fletcher32Filter _filter = new();

    public ushort FilterId => _filter.FilterId;

    public string Name => _filter.Name;

    public Memory<byte> Filter(FilterInfo info) => _filter.Filter(info).ToArray();

    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
        _filter.GetParameters(chunkDimensions, typeSize, options);
}
