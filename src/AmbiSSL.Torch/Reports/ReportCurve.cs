namespace AmbiSSL.Torch.Reports;

/// <summary>A curve of a training.</summary>
/// <param name="Model">Position of the model in the report.</param>
/// <param name="Name">What it shows.</param>
/// <param name="Points">Epochs and values.</param>
internal sealed record ReportCurve(int Model, string Name, IReadOnlyList<(int Epoch, double Value)> Points);
