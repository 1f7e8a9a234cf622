using AmbiSSL.Torch.Answers;
using AmbiSSL.Torch.Foundation;
using AmbiSSL.Torch.Imaging;
using AmbiSSL.Torch.Inference;
using AmbiSSL.Torch.Metrics;

namespace AmbiSSL.Torch.Models;

/// <summary>Writes what is drawn for an image row by row, and measures it, under temporary names first: all files are there at the end, or none.</summary>
internal sealed class SampleFileWriter : IDisposable
{
    private readonly SampleFiles _files;
    private readonly ImageSize _size;
    private readonly MaskClasses _classes;
    private readonly AnswerSettings _answers;
    private readonly List<(string Temporary, FileStream Stream, PngRowWriter Rows)> _open = [];
    private readonly MaskMeter[] _masks;
    private readonly UncertaintyMeter _uncertainty;
    private readonly byte[] _planes;
    private readonly byte[] _stored;
    private readonly float[] _mean;
    private readonly float[] _entropy;

    /// <param name="files">The files.</param>
    /// <param name="size">Size of the image.</param>
    /// <param name="answers">What is done to the samples and to their mean; the post-processing at the end.</param>
    public SampleFileWriter(SampleFiles files, ImageSize size, AnswerSettings answers)
    {
        var classes = answers.Classes;
        (_files, _size, _classes, _answers) = (files, size, classes, answers);
        (_planes, _mean) = (new byte[classes.Count * size.Width], new float[classes.Count * size.Width]);
        (_stored, _entropy) = (new byte[size.Width], new float[size.Width]);
        _masks = [.. Enumerable.Range(0, files.Masks.Count * ClassesOfFile).Select(_ => new MaskMeter())];
        _uncertainty = new UncertaintyMeter(size, classes);
        try
        {
            foreach (var (path, position) in files.All.Select((path, position) => (Path.GetFullPath(path), position)))
            {
                var temporary = TemporaryName.Beside(path);
                var stream = File.Create(temporary);
                _open.Add((temporary, stream, position < MaskFiles
                    ? new PngRowWriter(stream, size, 8, classes.IsExclusive ? ClassColors.Palette(classes.Count) : null)
                    : new PngRowWriter(stream, size, 16)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Files of masks and of the consensus, which come first.</summary>
    private int MaskFiles => _files.Masks.Count + _files.Consensus.Count;

    /// <summary>Files of a mask.</summary>
    private int FilesOfMask => _files.Consensus.Count;

    /// <summary>Classes in a file of a mask.</summary>
    private int ClassesOfFile => _classes.Count / FilesOfMask;

    /// <summary>Writes a row of all files.</summary>
    /// <param name="probabilities">[N, K, W].</param>
    public void Write(ReadOnlySpan<float> probabilities)
    {
        for (var file = 0; file < _files.Masks.Count; file += FilesOfMask)
        {
            WriteMask(probabilities.Slice(file / FilesOfMask * _planes.Length, _planes.Length), 0.5, file);
            for (var position = 0; position < _classes.Count; position++)
            {
                _masks[(file * ClassesOfFile) + position].Add(_planes.AsSpan(position * _size.Width, _size.Width));
            }
        }

        WindowSampler.Mean(probabilities, _files.Masks.Count / FilesOfMask, _mean);
        _answers.Scale(_mean, _size.Width);
        WriteMask(_mean, _answers.ConsensusThreshold, _files.Masks.Count);
        for (var position = 0; position < _classes.Count; position++)
        {
            _open[MaskFiles + position].Rows.Write(_mean.AsSpan(position * _size.Width, _size.Width));
        }

        ClassProbabilities.Entropy(_classes, _mean, _entropy);
        _uncertainty.Add(_entropy, _mean);
        foreach (ref var bits in _entropy.AsSpan())
        {
            bits /= (float)_classes.MostUncertainty;
        }

        _open[^1].Rows.Write(_entropy);
    }

    /// <summary>Ends the files and gives them their names.</summary>
    /// <returns>What was drawn, measured.</returns>
    public SampleMeasurements Finish()
    {
        foreach (var (_, stream, rows) in _open)
        {
            rows.Finish();
            stream.Flush(flushToDisk: true);
            stream.Dispose();
        }

        var sizes = Array.ConvertAll(_masks, mask => mask.Sizes());
        for (var file = 0; file < MaskFiles; file++)
        {
            // Of classes that exclude each other, one file has all.
            var (own, classes) = _classes.IsExclusive
                ? (_answers.PostProcessing, _classes)
                : ([_answers.PostProcessing[file % FilesOfMask]], MaskClasses.One);
            if (own.Any(processing => processing != PostProcessing.None))
            {
                var cleaned = Clean(_open[file].Temporary, own, classes);
                if (file < _files.Masks.Count)
                {
                    cleaned.CopyTo(sizes, file * ClassesOfFile);
                }
            }
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

        return new SampleMeasurements(sizes, _uncertainty.Scores());
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
    /// <returns>The sizes of its classes then.</returns>
    private MaskSizes[] Clean(string file, IReadOnlyList<PostProcessing> postProcessing, MaskClasses classes)
    {
        var mask = new byte[_size.PixelCount];
        using (var rows = new PngRowReader(file, new PngHeader(_size, 8, PngHeader.Gray, Interlaced: false, GrayPalette: false, Orientation: 1)))
        {
            for (var start = 0; start < mask.Length; start += _size.Width)
            {
                rows.Read(mask.AsSpan(start, _size.Width));
            }
        }

        var planes = classes.IsExclusive ? MaskSet.OfClassNumbers(_size, mask, classes).Values : mask;
        postProcessing.ApplyToEach(planes, _size, classes);
        if (classes.IsExclusive)
        {
            ImageFile.WriteClasses(file, _size, new MaskSet(_size, planes, null, null, classes).ClassNumbers(), classes.Count);
        }
        else
        {
            ImageFile.WriteMask(file, _size, planes);
        }

        return [.. Enumerable.Range(0, classes.Count).Select(position => MaskSizes.Of(planes.AsSpan(position * _size.PixelCount, _size.PixelCount), _size))];
    }

    /// <summary>Writes a row of a mask to its files, of which the first one is told.</summary>
    private void WriteMask(ReadOnlySpan<float> probability, double threshold, int file)
    {
        ClassProbabilities.Harden(_classes, probability, threshold, _planes);
        if (_classes.IsExclusive)
        {
            MaskSet.NumberClasses(_planes, _classes.Count, _size.Width, _stored);
            _open[file].Rows.Write(_stored);
            return;
        }

        for (var position = 0; position < _classes.Count; position++)
        {
            for (var column = 0; column < _stored.Length; column++)
            {
                _stored[column] = _planes[(position * _size.Width) + column] != 0 ? byte.MaxValue : (byte)0;
            }

            _open[file + position].Rows.Write(_stored);
        }
    }
}
