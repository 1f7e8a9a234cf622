using SkiaSharp;

namespace AmbiSSL.Torch.Pictures;

/// <summary>The lines between the foreground and the background of a mask.</summary>
internal static class Contours
{
    // East, south, west, north: one step to the right of the one before, where rows count downward.
    private static readonly (int X, int Y)[] Steps = [(1, 0), (0, 1), (-1, 0), (0, -1)];

    /// <summary>
    /// Follows the edges of pixels, with the foreground on the right: outer lines go clockwise, those of holes the other way. Pixels that touch at a
    /// corner alone are apart.
    /// </summary>
    /// <param name="mask">[H, W], nonzero is foreground.</param>
    /// <param name="size">Height H and width W.</param>
    /// <returns>Closed lines by their corners, in pixels from the mask's upper left corner on.</returns>
    public static IReadOnlyList<IReadOnlyList<SKPointI>> Trace(ReadOnlySpan<byte> mask, ImageSize size)
    {
        var edges = Edges(mask, size);
        var isDone = new bool[edges.Length];
        var lines = new List<IReadOnlyList<SKPointI>>();
        for (var corner = 0; corner < edges.Length; corner++)
        {
            // Each line has an edge to the east, bit 0.
            if ((edges[corner] & 1) != 0 && !isDone[corner])
            {
                lines.Add(Follow(edges, isDone, corner, size.Width + 1));
            }
        }

        return lines;
    }

    /// <summary>For each corner of a pixel, the edges that leave it: bit d for direction d.</summary>
    private static byte[] Edges(ReadOnlySpan<byte> mask, ImageSize size)
    {
        var stride = size.Width + 1;
        var edges = new byte[stride * (size.Height + 1)];
        for (var position = 0; position < mask.Length; position++)
        {
            if (mask[position] == 0)
            {
                continue;
            }

            var (y, x) = (position / size.Width, position % size.Width);
            var corner = (y * stride) + x;
            if (y == 0 || mask[position - size.Width] == 0)
            {
                edges[corner] |= 1;
            }

            if (x == size.Width - 1 || mask[position + 1] == 0)
            {
                edges[corner + 1] |= 2;
            }

            if (y == size.Height - 1 || mask[position + size.Width] == 0)
            {
                edges[corner + stride + 1] |= 4;
            }

            if (x == 0 || mask[position - 1] == 0)
            {
                edges[corner + stride] |= 8;
            }
        }

        return edges;
    }

    /// <summary>The corners of the line through an edge to the east, whose edges to the east are done then.</summary>
    private static List<SKPointI> Follow(byte[] edges, bool[] isDone, int start, int stride)
    {
        var corners = new List<SKPointI>();
        var (corner, direction, last) = (start, 0, -1);
        do
        {
            if (direction != last)
            {
                corners.Add(new SKPointI(corner % stride, corner / stride));
            }

            isDone[corner] |= direction == 0;
            corner += (Steps[direction].Y * stride) + Steps[direction].X;
            (direction, last) = (Turn(edges[corner], direction), direction);
        }
        while ((corner, direction) != (start, 0));
        return corners;
    }

    /// <summary>Right before straight on before left.</summary>
    private static int Turn(int leaving, int direction)
    {
        var right = (direction + 1) % 4;
        return (leaving & (1 << right)) != 0 ? right : (leaving & (1 << direction)) != 0 ? direction : (direction + 3) % 4;
    }
}
