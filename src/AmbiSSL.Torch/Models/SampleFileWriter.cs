using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Models;

/// <summary>Writes what is drawn for an image row by row, under temporary names first: all files are there at the end, or none.</summary>
internal sealed class SampleFileWriter : IDisposable
{
    private readonly SampleFiles _files;
    private readonly ImageSize _size;
    private readonly double _threshold;
    private readonly double _temperature;
    private readonly IReadOnlyList<PostProcessing> _postProcessing;
    private readonly List<(string Temporary, FileStream Stream, PngRowWriter Rows)> _open = [];
    private readonly byte[] _mask;
    private readonly float[] _mean;
    private readonly float[] _entropy;

    /// <param name="files">The files.</param>
    /// <param name="size">Size of the image.</param>
    /// <param name="threshold">The probability above which a pixel is in the consensus.</param>
    /// <param name="temperature">The temperature of the probability.</param>
    /// <param name="postProcessing">What is done to each mask and to the consensus at the end.</param>
    public SampleFileWriter(SampleFiles files, ImageSize size, double threshold, double temperature, IReadOnlyList<PostProcessing> postProcessing)
    {
        (_files, _size, _threshold, _temperature, _postProcessing) = (files, size, threshold, temperature, postProcessing);
        (_mask, _mean, _entropy) = (new byte[size.Width], new float[size.Width], new float[size.Width]);
        try
        {
            foreach (var (path, position) in files.All.Select((path, position) => (Path.GetFullPath(path), position)))
            {
                var temporary = TemporaryName.Beside(path);
                var stream = File.Create(temporary);
                _open.Add((temporary, stream, new PngRowWriter(stream, size, position <= files.Masks.Count ? 8 : 16)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Writes a row of all files.</summary>
    /// <param name="probabilities">[N, W].</param>
    public void Write(ReadOnlySpan<float> probabilities)
    {
        for (var sample = 0; sample < _files.Masks.Count; sample++)
        {
            Harden(probabilities.Slice(sample * _mask.Length, _mask.Length), 0.5);
            _open[sample].Rows.Write(_mask);
        }

        WindowSampler.Mean(probabilities, _files.Masks.Count, _mean);
        TemperatureScaling.Apply(_mean, _temperature);
        Harden(_mean, _threshold);
        BinaryEntropy.Compute(_mean, _entropy);
        _open[^3].Rows.Write(_mask);
        _open[^2].Rows.Write(_mean);
        _open[^1].Rows.Write(_entropy);
    }

    /// <summary>Ends the files and gives them their names.</summary>
    public void Finish()
    {
        foreach (var (_, stream, rows) in _open)
        {
            rows.Finish();
            stream.Flush(flushToDisk: true);
            stream.Dispose();
        }

        if (_postProcessing[0] != PostProcessing.None)
        {
            _open.Take(_files.Masks.Count + 1).Select(file => file.Temporary).ToList().ForEach(Clean);
        }

        var named = new List<string>();
        try
        {
            foreach (var ((temporary, _, _), path) in _open.Zip(_files.All))
            {
                File.Move(temporary, path, overwrite: true);
                named.Add(path);
            }
        }
        catch
        {
            named.ForEach(File.Delete);
            throw;
        }
    }

    /// <summary>Closes the files and removes those that have no name yet.</summary>
    public void Dispose()
    {
        foreach (var (temporary, stream, rows) in _open)
        {
            rows.Dispose();
            stream.Dispose();
            File.Delete(temporary);
        }
    }

    /// <summary>Does the post-processing to a file of a mask, which is in memory meanwhile, one at a time.</summary>
    private void Clean(string file)
    {
        var mask = new byte[_size.PixelCount];
        using (var rows = new PngRowReader(file, new PngHeader(_size, 8, PngHeader.Gray, Interlaced: false, GrayPalette: false, Orientation: 1)))
        {
            for (var start = 0; start < mask.Length; start += _size.Width)
            {
                rows.Read(mask.AsSpan(start, _size.Width));
            }
        }

        _postProcessing[0].Apply(mask, _size);
        using var stream = File.Create(file);
        ImageFile.WriteMask(stream, _size, mask);
        stream.Flush(flushToDisk: true);
    }

    private void Harden(ReadOnlySpan<float> probability, double threshold)
    {
        for (var column = 0; column < _mask.Length; column++)
        {
            _mask[column] = probability[column] > threshold ? byte.MaxValue : (byte)0;
        }
    }
}
