using System.Buffers.Binary;
using System.Text;

namespace AmbiSSL.Torch.Foundation;

/// <summary>
/// Takes the requirement GLIBCXX_3.4.32 out of a 64-bit little-endian ELF library whose only use of it is std::ios_base_library_init(), a
/// start-up hook that older C++ runtimes do not need. The call is turned to std::get_new_handler(), which does nothing, at GLIBCXX_3.4.20.
/// </summary>
/// <remarks>Upstream and when to delete this: with <see cref="TorchSharpWrapper"/>.</remarks>
internal static class ElfVersionPatch
{
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private const string PresentVersion = "GLIBCXX_3.4.20";
    private const string MissingSymbol = "_ZSt21ios_base_library_initv\0";
    private const string HarmlessSymbol = "_ZSt15get_new_handlerv\0";

    // Offsets of the ELF64 file header, section header, and version-needed records.
    private const int SectionTableOffset = 0x28;
    private const int SectionHeaderSize = 0x3A;
    private const int SectionCount = 0x3C;
    private const int SectionNamesIndex = 0x3E;

    /// <summary>The patched library, or <see langword="null"/> where it is not of the expected form.</summary>
    public static byte[]? Apply(byte[] library)
    {
        if (library.Length < 64 || !library.AsSpan(0, 5).SequenceEqual("\u007fELF\u0002"u8))
        {
            return null;
        }

        var sections = Sections(library);
        if (!sections.TryGetValue(".dynstr", out var strings) || !sections.TryGetValue(".gnu.version_r", out var needed))
        {
            return null;
        }

        var (missing, present) = FindVersions(library, strings.Offset, needed);
        var symbol = library.AsSpan(strings.Offset, strings.Size).IndexOf(Encoding.ASCII.GetBytes(MissingSymbol));
        if (missing < 0 || present < 0 || symbol < 0)
        {
            return null;
        }

        var patched = (byte[])library.Clone();
        library.AsSpan(present, 4).CopyTo(patched.AsSpan(missing));             // vna_hash
        library.AsSpan(present + 8, 4).CopyTo(patched.AsSpan(missing + 8));     // vna_name
        Encoding.ASCII.GetBytes(HarmlessSymbol).CopyTo(patched.AsSpan(strings.Offset + symbol));
        return patched;
    }

    private static Dictionary<string, Section> Sections(byte[] library)
    {
        var table = (int)ReadUInt64(library, SectionTableOffset);
        var size = ReadUInt16(library, SectionHeaderSize);
        var count = ReadUInt16(library, SectionCount);
        var names = (int)ReadUInt64(library, table + (ReadUInt16(library, SectionNamesIndex) * size) + 24);
        var sections = new Dictionary<string, Section>();
        for (var i = 0; i < count; i++)
        {
            var header = table + (i * size);
            sections[ReadString(library, names + (int)ReadUInt32(library, header))] = new Section(
                (int)ReadUInt64(library, header + 24), (int)ReadUInt64(library, header + 32), (int)ReadUInt32(library, header + 44));
        }

        return sections;
    }

    private static (int Missing, int Present) FindVersions(byte[] library, int strings, Section needed)
    {
        var (missing, present) = (-1, -1);
        var file = needed.Offset;
        for (var i = 0; i < needed.Info; i++)
        {
            var entry = file + (int)ReadUInt32(library, file + 8);
            for (var j = 0; j < ReadUInt16(library, file + 2); j++)
            {
                var version = ReadString(library, strings + (int)ReadUInt32(library, entry + 8));
                missing = version == MissingVersion ? entry : missing;
                present = version == PresentVersion ? entry : present;
                entry += (int)ReadUInt32(library, entry + 12);
            }

            file += (int)ReadUInt32(library, file + 12);
        }

        return (missing, present);
    }

    private static ushort ReadUInt16(byte[] library, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(library.AsSpan(offset));

    private static uint ReadUInt32(byte[] library, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(library.AsSpan(offset));

    private static ulong ReadUInt64(byte[] library, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(library.AsSpan(offset));

    private static string ReadString(byte[] library, int offset)
    {
        var text = library.AsSpan(offset);
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private readonly record struct Section(int Offset, int Size, int Info);
}
