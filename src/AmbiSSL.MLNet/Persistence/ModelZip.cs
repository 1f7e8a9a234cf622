using AmbiSSL.Torch.Foundation;
using Microsoft.ML;

namespace AmbiSSL.MLNet.Persistence;

/// <summary>Model files as <c>mlContext.Model.Save</c> writes them, read with one kind of exception for all that can be wrong with them.</summary>
internal static class ModelZip
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no file, is damaged, or ML.NET does not know what is in it.</exception>
    /// <exception cref="InvalidOperationException">This process cannot use the device.</exception>
    public static ITransformer Load(MLContext context, string path, ComputeDevice device, out DataViewSchema inputSchema)
    {
        device.Resolve();
        using var stream = RegularFile.Open(path, "Model file");
        try
        {
            return MlNetInterop.Load(context, stream, device, out inputSchema);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or UnauthorizedAccessException))
        {
            // ML.NET's reader throws exceptions of many types at damaged files, and wraps what the loader of a transformer throws.
            throw new InvalidDataException($"'{path}' is no model file that can be read: {Cause(exception).Message}", exception);
        }
    }

    private static Exception Cause(Exception exception)
    {
        var cause = exception;
        while (cause is not InvalidDataException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause;
    }
}
