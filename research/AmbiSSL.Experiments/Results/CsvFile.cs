using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;

namespace AmbiSSL.Experiments.Results;

/// <summary>Reads and writes CSV files compressed by gzip.</summary>
internal static class CsvFile
{
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture) { NewLine = "\n" };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static T Read<T>(string path, Func<CsvReader, T> read)
    {
        try
        {
            using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
            using var csv = new CsvReader(text, Configuration);
            return read(csv);
        }
        catch (Exception exception) when (exception is InvalidDataException or CsvHelperException or FormatException)
        {
            throw new InvalidDataException($"'{path}' is damaged: {exception.Message.Split('\n')[0]}", exception);
        }
    }

    /// <summary>Writes a file whole or not at all; its folder is made where there is none.</summary>
    public static void Write(string path, Action<CsvWriter> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(path, stream =>
        {
            using var csv = new CsvWriter(new StreamWriter(new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true)), Configuration);
            write(csv);
        });
    }

    /// <summary>Reads a file whose columns are a type's properties.</summary>
    public static IReadOnlyList<T> ReadRows<T>(string path) => Read(path, csv =>
    {
        csv.Context.RegisterClassMap(Map<T>(csv.Context));
        return csv.GetRecords<T>().ToList();
    });

    /// <summary>Writes a file whose columns are a type's properties.</summary>
    public static void WriteRows<T>(string path, IEnumerable<T> rows) => Write(path, csv =>
    {
        csv.Context.RegisterClassMap(Map<T>(csv.Context));
        csv.WriteRecords(rows);
    });

    /// <summary>Columns begin with a small letter.</summary>
    private static ClassMap Map<T>(CsvContext context)
    {
        var map = context.AutoMap<T>();
        foreach (var member in map.MemberMaps)
        {
            member.Data.Names.Clear();
            member.Data.Names.Add(JsonNamingPolicy.CamelCase.ConvertName(member.Data.Member!.Name));
        }

        foreach (var parameter in map.ParameterMaps)
        {
            parameter.Data.Names.Clear();
            parameter.Data.Names.Add(JsonNamingPolicy.CamelCase.ConvertName(parameter.Data.Parameter.Name!));
        }

        return map;
    }
}
