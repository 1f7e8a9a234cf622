namespace AmbiSSL.MLNet.Interop;

/// <summary>What a model file keeps of a transformer besides its model.</summary>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Samples">Masks that are drawn of each image.</param>
/// <param name="BatchSize">Rows that are read ahead.</param>
internal sealed record ScoringSettings(SegmentationColumns Columns, int Samples, int BatchSize);
