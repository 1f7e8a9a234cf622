namespace AmbiSSL.Torch.Imaging;

/// <summary>Crops and scales planes of pixels.</summary>
internal static class ImageGeometry
{
    /// <summary>Cuts the middle out of each plane; an odd margin leaves one pixel more below and to the right.</summary>
    /// <typeparam name="T">Type of a pixel value.</typeparam>
    /// <param name="values">Planes of the size <paramref name="from"/>, one after the other.</param>
    /// <param name="from">Size of a plane.</param>
    /// <param name="to">Size wanted, at most <paramref name="from"/>.</param>
    public static T[] CropCenter<T>(T[] values, ImageSize from, ImageSize to)
    {
        var planes = values.Length / from.PixelCount;
        var top = (from.Height - to.Height) / 2;
        var left = (from.Width - to.Width) / 2;
        var cropped = new T[planes * to.PixelCount];
        for (var plane = 0; plane < planes; plane++)
        {
            for (var y = 0; y < to.Height; y++)
            {
                var source = (plane * from.PixelCount) + ((top + y) * from.Width) + left;
                Array.Copy(values, source, cropped, (plane * to.PixelCount) + (y * to.Width), to.Width);
            }
        }

        return cropped;
    }

    /// <summary>Puts a plane back to where <see cref="CropCenter"/> cut it out; around it is 0.</summary>
    /// <typeparam name="T">Type of a pixel value.</typeparam>
    /// <param name="values">One plane of the size <paramref name="from"/>.</param>
    /// <param name="from">Size of the plane.</param>
    /// <param name="to">Size wanted, at least <paramref name="from"/>.</param>
    public static T[] PlaceCenter<T>(T[] values, ImageSize from, ImageSize to)
    {
        var (top, left) = ((to.Height - from.Height) / 2, (to.Width - from.Width) / 2);
        var placed = new T[to.PixelCount];
        for (var y = 0; y < from.Height; y++)
        {
            Array.Copy(values, y * from.Width, placed, ((top + y) * to.Width) + left, from.Width);
        }

        return placed;
    }

    /// <summary>Turns each plane upright.</summary>
    /// <typeparam name="T">Type of a pixel value.</typeparam>
    /// <param name="values">Planes of the size <paramref name="from"/>, one after the other.</param>
    /// <param name="from">Size of a plane as it is stored.</param>
    /// <param name="orientation">1 to 8, of <see cref="ExifOrientation"/>.</param>
    public static T[] Turn<T>(T[] values, ImageSize from, int orientation)
    {
        var (height, width) = ExifOrientation.IsSideways(orientation) ? (from.Width, from.Height) : (from.Height, from.Width);
        var turned = new T[values.Length];
        for (var position = 0; position < turned.Length; position++)
        {
            var (plane, pixel) = Math.DivRem(position, from.PixelCount);
            var (y, x) = Math.DivRem(pixel, width);
            var (row, column) = orientation switch
            {
                2 => (y, width - 1 - x),
                3 => (height - 1 - y, width - 1 - x),
                4 => (height - 1 - y, x),
                5 => (x, y),
                6 => (width - 1 - x, y),
                7 => (width - 1 - x, height - 1 - y),
                8 => (x, height - 1 - y),
                _ => (y, x),
            };
            turned[position] = values[(plane * from.PixelCount) + (row * from.Width) + column];
        }

        return turned;
    }

    /// <summary>Takes for each pixel the one whose area holds its center.</summary>
    public static byte[] ResizeNearest(byte[] values, ImageSize from, ImageSize to)
    {
        var planes = values.Length / from.PixelCount;
        var resized = new byte[planes * to.PixelCount];
        for (var plane = 0; plane < planes; plane++)
        {
            for (var y = 0; y < to.Height; y++)
            {
                var source = (plane * from.PixelCount) + (NearestIndex(y, from.Height, to.Height) * from.Width);
                var target = (plane * to.PixelCount) + (y * to.Width);
                for (var x = 0; x < to.Width; x++)
                {
                    resized[target + x] = values[source + NearestIndex(x, from.Width, to.Width)];
                }
            }
        }

        return resized;
    }

    /// <summary>
    /// Interpolates linearly between pixel centers, along rows and then along columns; where the image shrinks, the triangle
    /// of weights widens by the same factor, so that no pixel is skipped (torchvision: <c>antialias=True, align_corners=False</c>).
    /// </summary>
    public static float[] ResizeBilinear(float[] values, ImageSize from, ImageSize to)
    {
        var planes = values.Length / from.PixelCount;
        var rows = Interpolate(values, planes * from.Height, from.Width, to.Width, inner: 1);
        return Interpolate(rows, planes, from.Height, to.Height, inner: to.Width);
    }

    /// <summary>The pixel of a side whose area holds the center of another side's pixel.</summary>
    public static int NearestIndex(int index, int from, int to) => (int)(((2L * index) + 1) * from / (2L * to));

    // Scales the middle axis of [outer, from, inner].
    private static float[] Interpolate(float[] values, int outer, int from, int to, int inner)
    {
        var result = new float[outer * to * inner];
        for (var index = 0; index < to; index++)
        {
            var (first, weights) = TriangleWeights(index, from, to);
            for (var block = 0; block < outer; block++)
            {
                for (var offset = 0; offset < inner; offset++)
                {
                    var sum = 0.0;
                    for (var tap = 0; tap < weights.Length; tap++)
                    {
                        sum += weights[tap] * values[(((block * from) + first + tap) * inner) + offset];
                    }

                    result[(((block * to) + index) * inner) + offset] = (float)sum;
                }
            }
        }

        return result;
    }

    private static (int First, double[] Weights) TriangleWeights(int index, int from, int to)
    {
        var scale = (double)from / to;
        var radius = Math.Max(scale, 1);
        var center = ((index + 0.5) * scale) - 0.5;
        var first = Math.Max(0, (int)Math.Ceiling(center - radius));
        var last = Math.Min(from - 1, (int)Math.Floor(center + radius));
        var weights = new double[last - first + 1];
        for (var tap = 0; tap < weights.Length; tap++)
        {
            weights[tap] = Math.Max(0, 1 - (Math.Abs(first + tap - center) / radius));
        }

        var sum = weights.Sum();
        return (first, Array.ConvertAll(weights, weight => weight / sum));
    }
}
