using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

// Usage: MODEL DATA. Loads a model file as any ML.NET program would, without a word of AmbiSSL, and prints a hash of what it gives.
var mlContext = new MLContext();
var model = mlContext.Model.Load(args[0], out _);
var scored = model.Transform(mlContext.Data.LoadFromBinary(args[1]));

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

Console.WriteLine(Convert.ToHexString(hash.GetHashAndReset()));
