namespace AmbiSSL.Torch.Imaging;

/// <summary>Whose each mask is, in the order in which masks come.</summary>
internal sealed class MaskReaders
{
    // Of each mask, a position in the names in the order in which they came.
    private readonly List<int> _nameOfMask = [];
    private readonly List<string> _names = [];
    private int[] _positionOfName = [];

    /// <summary>Number of masks.</summary>
    public int Count => _nameOfMask.Count;

    /// <summary>The names of all readers, in <see cref="ReaderNames.Order"/>.</summary>
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>Adds the readers of further masks.</summary>
    public void Add(IReadOnlyList<string> readers)
    {
        foreach (var reader in readers)
        {
            var name = _names.IndexOf(reader);
            if (name < 0)
            {
                name = _names.Count;
                _names.Add(reader);
                var ordered = ReaderNames.Order(_names);
                Names = ordered;
                _positionOfName = [.. _names.Select(known => Array.IndexOf(ordered, known))];
            }

            _nameOfMask.Add(name);
        }
    }

    /// <summary>The reader of a mask, as a position in <see cref="Names"/>.</summary>
    public int PositionOf(int mask) => _positionOfName[_nameOfMask[mask]];

    /// <summary>The names of the readers of some masks.</summary>
    public string[] NamesOf(int firstMask, int masks) => [.. _nameOfMask.GetRange(firstMask, masks).Select(name => _names[name])];
}
