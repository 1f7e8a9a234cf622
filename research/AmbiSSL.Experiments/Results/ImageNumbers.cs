using System.Security.Cryptography;
using System.Text;

namespace AmbiSSL.Experiments.Results;

/// <summary>
/// Numbers for the patients and images of a data set, which results have in place of their names: from 1, in the ordinal order of patients
/// and, within a patient, of images.
/// </summary>
internal sealed class ImageNumbers
{
    private const int HashLength = 16;

    private readonly Dictionary<string, (int Subject, int Image)> _numbers = new(StringComparer.Ordinal);

    public ImageNumbers(ImageSource source)
    {
        var subject = 0;
        foreach (var images in source.Records.GroupBy(record => record.Subject).OrderBy(images => images.Key, StringComparer.Ordinal))
        {
            subject++;
            foreach (var record in images.OrderBy(record => record.Id, StringComparer.Ordinal))
            {
                _numbers.Add(record.Id, (subject, _numbers.Count + 1));
            }
        }

        var lines = source.Records.Select(record => $"{record.Id}\t{record.Subject}\t{record.Fold}\t{record.Annotators.Count}");
        var text = string.Join('\n', lines.Prepend(source.Shape.ToString()));
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
    }

    /// <summary>Short hash of the data set: its shape, and each image's id, subject, fold and number of masks. No pixel is read.</summary>
    public string Fingerprint { get; }

    /// <summary>The numbers of an image and its patient.</summary>
    public (int Subject, int Image) Of(string id) => _numbers[id];
}
