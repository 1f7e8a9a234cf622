using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;

// Usage: DATA MODEL... Loads model files as any ML.NET program would, without a word of AmbiSSL, and prints a hash of what each gives.
// Usage: race DATA MODEL SEED. Loads a model, computes on several threads and disposes it meanwhile; prints what went wrong.
if (args[0] == "race")
{
    return Race(args[1], args[2], new Random(int.Parse(args[3])));
}

foreach (var path in args[1..])
{
    var mlContext = new MLContext();
    var model = mlContext.Model.Load(path, out _);
    Console.WriteLine(Hash(model.Transform(mlContext.Data.LoadFromBinary(args[0]))));
}

return 0;

static int Race(string data, string path, Random random)
{
    const int Threads = 4;
    var mlContext = new MLContext();
    var rows = mlContext.Data.LoadFromBinary(data);
    var model = mlContext.Model.Load(path, out _);
    using var started = new CountdownEvent(Threads);
    var threads = Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
    {
        try
        {
            started.Signal();
            while (true)
            {
                Hash(model.Transform(rows));
            }
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    })).ToArray();
    started.Wait();
    Thread.Sleep(random.Next(30));
    ((IDisposable)model).Dispose();
    var problems = threads.Select(thread => thread.Result).OfType<string>().ToArray();
    Console.WriteLine(problems.Length == 0 ? "raced" : string.Join(Environment.NewLine, problems));
    return problems.Length;
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
