using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Fuzz;

/// <summary>Changes files by a seed: the mutant of a target, a seed and a number is always the same.</summary>
internal static partial class Mutator
{
    private const int MostChanges = 6;
    private const int MostGrowth = 256;

    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 7, 8, 16, 100, 127, 128, 255, 256, 1000, 32767, 32768, 65535, 65536, 1_000_000, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32,
        long.MaxValue, -1, -2, -128, int.MinValue, long.MinValue,
    ];

    private static readonly string[] Words =
    [
        "", "0", "-1", "1e308", "-1e-308", "NaN", "null", "true", "\"", "\\", "..", "/", "\0", "é", "\r\n", ",", ";", "[", "{", "}",
        "99999999999999999999", "0.5",
    ];

    /// <summary>One mutant.</summary>
    public static byte[] Make(FuzzTarget target, int seed, int number)
    {
        var random = SplitMix64.Keyed(seed, number);
        var file = target.Sound[Below(random, target.Sound.Count)].ToArray();
        for (var changes = random.Next() % 2 == 0 ? 1 : 1 + Below(random, MostChanges); changes > 0; changes--)
        {
            file = target.IsText && Below(random, 2) == 0 ? ChangeText(file, random) : ChangeBytes(file, target, random);
        }

        return Below(random, 2) == 0 ? target.Mend(file, random) : file;
    }

    private static byte[] ChangeBytes(byte[] file, FuzzTarget target, SplitMix64 random)
    {
        if (file.Length == 0)
        {
            return [(byte)random.Next()];
        }

        // Half of all changes near the beginning, where headers are.
        var place = Below(random, random.Next() % 2 == 0 ? file.Length : Math.Min(file.Length, 512));
        var length = Math.Min(file.Length - place, 1 + Below(random, random.Next() % 8 == 0 ? file.Length : 16));
        switch (Below(random, 9))
        {
            case 0:
                file[place] ^= (byte)(1 << Below(random, 8));
                return file;
            case 1:
                file[place] = (byte)Numbers[Below(random, Numbers.Length)];
                return file;
            case 2:
                return WithNumber(file, place, random);
            case 3:
                return [.. file.AsSpan(0, place), .. file.AsSpan(place + length)];
            case 4:
                return [.. file.AsSpan(0, place), .. file.AsSpan(place, Math.Min(length, MostGrowth)), .. file.AsSpan(place)];
            case 5:
                return [.. file.AsSpan(0, place), .. Noise(1 + Below(random, 16), random), .. file.AsSpan(place)];
            case 6:
                file.AsSpan(place, length).Fill((byte)Numbers[Below(random, Numbers.Length)]);
                return file;
            case 7:
                return file[..place];
            default:
                var other = target.Sound[Below(random, target.Sound.Count)];
                return [.. file.AsSpan(0, place), .. other.AsSpan(Below(random, other.Length))];
        }
    }

    private static byte[] WithNumber(byte[] file, int place, SplitMix64 random)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        var value = Numbers[Below(random, Numbers.Length)];
        var size = Math.Min(1 << Below(random, 4), file.Length - place);
        if (random.Next() % 2 == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
            number[..size].CopyTo(file.AsSpan(place));
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value);
            number[^size..].CopyTo(file.AsSpan(place));
        }

        return file;
    }

    private static byte[] ChangeText(byte[] file, SplitMix64 random)
    {
        var text = Encoding.Latin1.GetString(file);
        var tokens = Token().Matches(text);
        if (tokens.Count == 0)
        {
            return file;
        }

        var token = tokens[Below(random, tokens.Count)];
        var with = Below(random, 3) switch
        {
            0 => Numbers[Below(random, Numbers.Length)].ToString(CultureInfo.InvariantCulture),
            1 => Words[Below(random, Words.Length)],
            _ => tokens[Below(random, tokens.Count)].Value,
        };
        return Encoding.Latin1.GetBytes(text[..token.Index] + with + text[(token.Index + token.Length)..]);
    }

    private static byte[] Noise(int length, SplitMix64 random) => [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next())];

    private static int Below(SplitMix64 random, int limit) => (int)(random.Next() % (ulong)limit);

    [GeneratedRegex("[A-Za-z0-9_.+-]+|[^A-Za-z0-9_.+\\s-]")]
    private static partial Regex Token();
}
