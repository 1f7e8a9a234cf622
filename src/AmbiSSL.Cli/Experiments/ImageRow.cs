namespace AmbiSSL.Cli.Experiments;

/// <summary>What is read of a row of the table of figures per image.</summary>
internal sealed class ImageRow
{
    public long Row { get; set; }

    public double Ged { get; set; }

    public double DiceSoft { get; set; }

    public double DiceMax { get; set; }

    public double DiceMatch { get; set; }

    public double SampleDiversity { get; set; }

    public double ExpertDiversity { get; set; }
}
