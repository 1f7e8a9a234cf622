using System.Globalization;

namespace AmbiSSL.Cli.Progress;

/// <summary>Says how far the rows of one large image are, a line at each tenth.</summary>
/// <param name="output">Receives the lines.</param>
/// <param name="id">The image.</param>
internal sealed class RowProgress(TextWriter output, string id) : IProgress<double>
{
    private int _tenths;

    /// <inheritdoc/>
    public void Report(double value)
    {
        if ((int)(10 * value) > _tenths)
        {
            _tenths = (int)(10 * value);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id}: {10 * _tenths} % of the rows"));
            output.Flush();
        }
    }
}
