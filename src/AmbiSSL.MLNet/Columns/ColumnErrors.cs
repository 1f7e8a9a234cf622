using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Columns;

/// <summary>
/// Words the errors of columns: which one, in which row, what is wrong, and what to do. ML.NET's context marks each exception.
/// </summary>
internal static class ColumnErrors
{
    public static Exception Missing(IExceptionContext context, string parameter, string role, string column, string remedy) =>
        context.Process(new ArgumentOutOfRangeException(parameter, $"Could not find {role} column '{column}'; {remedy}."));

    public static Exception Mismatch(
        IExceptionContext context, string parameter, string role, string column, string expected, string actual, string remedy) =>
        context.Process(new ArgumentOutOfRangeException(
            parameter, $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}; {remedy}."));

    public static Exception InColumn(IExceptionContext context, string column, string problem, string remedy) =>
        context.Process(new InvalidOperationException($"Column '{column}': {problem}; {remedy}."));

    public static Exception InRow(IExceptionContext context, string column, long row, string problem, string remedy) =>
        context.Process(new InvalidOperationException($"Column '{column}', row {row}: {problem}; {remedy}."));
}
