using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace AmbiSSL.Experiments.Tables;

/// <summary>The figures of the paper's Table 1 (LIDC-IDRI) and Table 2 (ISIC), and the names and order of its rows.</summary>
internal static class PaperFigures
{
    /// <summary>The rows in the paper's order: what runs are named, and what tables call them.</summary>
    public static IReadOnlyList<(string Name, string Title)> Order { get; } =
    [
        ("upper-bound", "Upper bound"),
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
    public static PaperRow? Find(string dataSet, string name, double labeled) =>
        Rows.FirstOrDefault(row => row.DataSet == dataSet && row.Method == name && row.Labeled == labeled);

    /// <summary>Where a row stands: after all of the paper's where it is none of them.</summary>
    public static int Place(string name) => Order.TakeWhile(row => row.Name != name).Count();

    /// <summary>What a table calls a row.</summary>
    public static string Title(string name) => Order.FirstOrDefault(row => row.Name == name).Title ?? name;

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
