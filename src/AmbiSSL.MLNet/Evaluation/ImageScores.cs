namespace AmbiSSL.MLNet.Evaluation;

/// <summary>A row of the table of figures per image.</summary>
internal sealed class ImageScores
{
    public ImageScores()
    {
    }

    public ImageScores(long row, AmbiguousSegmentationScores scores)
    {
        Row = row;
        Ged = scores.Ged;
        DiceSoft = scores.DiceSoft;
        DiceMax = scores.DiceMax;
        DiceMatch = scores.DiceMatch;
        OracleDice = scores.OracleDice;
        ExpectedCalibrationError = scores.ExpectedCalibrationError;
        Brier = scores.Brier;
        SampleDiversity = scores.SampleDiversity;
        ExpertDiversity = scores.ExpertDiversity;
    }

    public long Row { get; set; }

    public double Ged { get; set; }

    public double DiceSoft { get; set; }

    public double DiceMax { get; set; }

    public double DiceMatch { get; set; }

    public double OracleDice { get; set; }

    public double ExpectedCalibrationError { get; set; }

    public double Brier { get; set; }

    public double SampleDiversity { get; set; }

    public double ExpertDiversity { get; set; }
}
