using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AmbiSSL.Cli.Experiments;

/// <summary>The figures of the paper's Table 1 (LIDC-IDRI) and Table 2 (ISIC), and the names and order of its rows.</summary>
internal static class PaperFigures
{
    /// <summary>Key of the row with all annotations.</summary>
    public const string UpperBound = "upper-bound";

    /// <summary>The rows in the paper's order: their keys and what tables call them.</summary>
    public static IReadOnlyList<(string Key, string Label)> Order { get; } =
    [
        (UpperBound, "Upper bound"),
        ("prob-unet", "Prob. U-Net"),
        ("cm-global", "CM-Global"),
        ("cm-pixel", "CM-Pixel"),
        ("pionono", "Pionono"),
        ("d-persona", "D-Persona"),
        ("self-training", "Baseline I, self-training"),
        ("cross-pseudo", "Baseline II, cross pseudo supervision"),
        ("consistency", "Baseline III, consistency"),
        ("ambissl", "AmbiSSL"),
    ];

    /// <summary>The data sets of the paper.</summary>
    public static string[] DataSets { get; } = ["lidc", "isic"];

    /// <summary>Every row of both tables.</summary>
    public static IReadOnlyList<PaperRow> Rows { get; } = Read();

    /// <summary>The paper's figures for a row; null where it has none.</summary>
    public static PaperRow? Find(string dataSet, string? key, double? labeled) =>
        Rows.FirstOrDefault(row => row.DataSet == dataSet && row.Method == key && row.Labeled == labeled);

    private static List<PaperRow> Read()
    {
        using var reader = new StreamReader(typeof(PaperFigures).Assembly.GetManifestResourceStream("PaperFigures.csv")!);
        using var csv = new CsvReader(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            PrepareHeaderForMatch = header => header.Header.ToLowerInvariant(),
        });
        return [.. csv.GetRecords<PaperRow>()];
    }
}
