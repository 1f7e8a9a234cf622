using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

// Usage: DATA MODEL... Loads model files as any ML.NET program would, without a word of AmbiSSL, and prints a hash of what each gives.
foreach (var path in args[1..])
{
    var mlContext = new MLContext();
    var model = mlContext.Model.Load(path, out _);
    Console.WriteLine(Hash(model.Transform(mlContext.Data.LoadFromBinary(args[0]))));
}

static string Hash(IDataView scored)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach (var column in (string[])["Masks", "AnnotatorMasks"])
    {
        if (scored.Schema.GetColumnOrNull(column) is null)
        {
            continue;
        }

        foreach (var masks in scored.GetColumn<byte[]>(column))
        {
            hash.AppendData(masks);
        }
    }

    foreach (var column in (string[])["Probability", "Uncertainty"])
    {
        foreach (var values in scored.GetColumn<float[]>(column))
        {
            hash.AppendData(MemoryMarshal.AsBytes(values.AsSpan()));
        }
    }

    return Convert.ToHexString(hash.GetHashAndReset());
}
