namespace AmbiSSL.Torch.Metrics;

/// <summary>The connected parts of a mask.</summary>
internal sealed class Components
{
    private readonly int[] _component;
    private readonly List<int> _sizes = [];
    private readonly List<bool> _touchesBorder = [];

    private Components(int pixels)
    {
        _component = new int[pixels];
        Array.Fill(_component, -1);
    }

    /// <summary>Number of parts, numbered by their first pixels from above and then from the left.</summary>
    public int Count => _sizes.Count;

    /// <summary>Finds the parts of the foreground, where pixels touch at sides and corners.</summary>
    public static Components OfForeground(ReadOnlySpan<byte> mask, ImageSize size) => Find(mask, size, isForeground: true);

    /// <summary>Finds the parts of the background, where pixels touch at sides alone: a closed line of foreground that steps across corners holds.</summary>
    public static Components OfBackground(ReadOnlySpan<byte> mask, ImageSize size) => Find(mask, size, isForeground: false);

    /// <summary>The part that a pixel is in; -1 where it is in none.</summary>
    public int At(int pixel) => _component[pixel];

    /// <summary>Number of pixels of a part.</summary>
    public int Size(int component) => _sizes[component];

    /// <summary>Whether a part has a pixel on the border of the image.</summary>
    public bool TouchesBorder(int component) => _touchesBorder[component];

    private static Components Find(ReadOnlySpan<byte> mask, ImageSize size, bool isForeground)
    {
        var found = new Components(mask.Length);
        var open = new Stack<int>();
        for (var first = 0; first < mask.Length; first++)
        {
            if ((mask[first] != 0) == isForeground && found._component[first] < 0)
            {
                found.Fill(mask, size, isForeground, first, open);
            }
        }

        return found;
    }

    private void Fill(ReadOnlySpan<byte> mask, ImageSize size, bool isForeground, int first, Stack<int> open)
    {
        var (component, pixels, touchesBorder) = (Count, 0, false);
        _component[first] = component;
        open.Push(first);
        while (open.TryPop(out var pixel))
        {
            pixels++;
            var (y, x) = Math.DivRem(pixel, size.Width);
            touchesBorder |= y == 0 || x == 0 || y == size.Height - 1 || x == size.Width - 1;
            for (var row = Math.Max(0, y - 1); row <= Math.Min(size.Height - 1, y + 1); row++)
            {
                for (var column = Math.Max(0, x - 1); column <= Math.Min(size.Width - 1, x + 1); column++)
                {
                    var neighbor = (row * size.Width) + column;
                    if ((isForeground || row == y || column == x) && _component[neighbor] < 0 && (mask[neighbor] != 0) == isForeground)
                    {
                        _component[neighbor] = component;
                        open.Push(neighbor);
                    }
                }
            }
        }

        _sizes.Add(pixels);
        _touchesBorder.Add(touchesBorder);
    }
}
