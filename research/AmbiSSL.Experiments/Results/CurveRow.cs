namespace AmbiSSL.Experiments.Results;

/// <summary>A value after an epoch of a run.</summary>
/// <param name="Run">Number of the run in its tables.</param>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Part">What the value tells about: <c>training</c>, <c>test</c>, <c>validation</c> or <c>unlabeled</c>.</param>
/// <param name="Series">What the value is, such as a loss term or a figure.</param>
/// <param name="Value">The value.</param>
internal sealed record CurveRow(int Run, int Epoch, string Part, string Series, double Value);
