using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies an assembly and marks its internal types and its internal and private-protected members as public, for the compiler alone.
/// It changes visibility bits in place, in the metadata tables of ECMA-335 partition II, chapters 22 to 24; the code of the copy never
/// runs.
/// Private members stay private: an event and its backing field share a name.
/// </summary>
public class PublicizeReference : Task
{
    // Numbers of the metadata tables (II.22) that lie before, or decide the width of columns in, TypeDef, Field and MethodDef.
    private const int Module = 0, TypeRef = 1, TypeDef = 2, FieldPtr = 3, Field = 4, MethodPtr = 5, MethodDef = 6, Param = 8;
    private const int ModuleRef = 26, TypeSpec = 27, AssemblyRef = 35;

    private byte[] _image;
    private int[] _rowCounts;

    [Required]
    public string Source { get; set; }

    [Required]
    public string Destination { get; set; }

    public override bool Execute()
    {
        _image = File.ReadAllBytes(Source);
        var tables = FindTableStream();
        var heapSizes = _image[tables + 6];
        var present = BitConverter.ToUInt64(_image, tables + 8);
        var position = tables + 24;
        _rowCounts = new int[64];
        for (var table = 0; table < 64; table++)
        {
            if ((present >> table & 1) != 0)
            {
                _rowCounts[table] = Int32(position);
                position += 4;
            }
        }

        int strings = (heapSizes & 1) != 0 ? 4 : 2, guids = (heapSizes & 2) != 0 ? 4 : 2, blobs = (heapSizes & 4) != 0 ? 4 : 2;
        position += _rowCounts[Module] * (2 + strings + 3 * guids);
        position += _rowCounts[TypeRef] * (IndexSize(2, Module, ModuleRef, AssemblyRef, TypeRef) + 2 * strings);
        var typeDefSize = 4 + 2 * strings + IndexSize(2, TypeDef, TypeRef, TypeSpec) + IndexSize(0, Field) + IndexSize(0, MethodDef);
        position = PublicizeRows(TypeDef, position, typeDefSize, 0, PublicType);
        position += _rowCounts[FieldPtr] * IndexSize(0, Field);
        position = PublicizeRows(Field, position, 2 + strings + blobs, 0, PublicMember);
        position += _rowCounts[MethodPtr] * IndexSize(0, MethodDef);
        PublicizeRows(MethodDef, position, 8 + strings + blobs + IndexSize(0, Param), 6, PublicMember);

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Destination)));
        File.WriteAllBytes(Destination, _image);
        return true;
    }

    // II.23.1.15: 0 not public, 1 public; nested: 2 public, 3 private, 4 family, 5 assembly, 6 family and assembly, 7 family or assembly.
    private static int PublicType(int visibility)
    {
        return visibility == 0 ? 1 : visibility >= 5 ? 2 : visibility;
    }

    // II.23.1.5 and 10: 2 family and assembly, 3 assembly, 6 public.
    private static int PublicMember(int visibility)
    {
        return visibility == 2 || visibility == 3 ? 6 : visibility;
    }

    private int PublicizeRows(int table, int start, int rowSize, int flagsOffset, Func<int, int> publicize)
    {
        for (var row = 0; row < _rowCounts[table]; row++)
        {
            var flags = start + row * rowSize + flagsOffset;
            _image[flags] = (byte)(_image[flags] & ~7 | publicize(_image[flags] & 7));
        }

        return start + _rowCounts[table] * rowSize;
    }

    // II.24.2.6: an index is two bytes wide while the longest table that it may point into leaves room for the tag bits.
    private int IndexSize(int tagBits, params int[] tables)
    {
        return tables.Max(table => _rowCounts[table]) < 1 << (16 - tagBits) ? 2 : 4;
    }

    private int FindTableStream()
    {
        var coffHeader = Int32(0x3c) + 4;
        var optionalHeader = coffHeader + 20;
        var isPe32Plus = UInt16(optionalHeader) == 0x20b;
        var cliHeader = FileOffset(coffHeader, Int32(optionalHeader + (isPe32Plus ? 112 : 96) + 14 * 8));
        var metadata = FileOffset(coffHeader, Int32(cliHeader + 8));
        var streamCount = metadata + 16 + Int32(metadata + 12) + 2;
        var header = streamCount + 2;
        for (var stream = 0; stream < UInt16(streamCount); stream++)
        {
            var end = Array.IndexOf(_image, (byte)0, header + 8);
            if (Encoding.ASCII.GetString(_image, header + 8, end - header - 8) == "#~")
            {
                return metadata + Int32(header);
            }

            header += 8 + (end - header - 8 + 4 & ~3);
        }

        throw new InvalidDataException(Source + " has no metadata table stream.");
    }

    private int FileOffset(int coffHeader, int virtualAddress)
    {
        var firstSection = coffHeader + 20 + UInt16(coffHeader + 16);
        for (var section = firstSection; section < firstSection + UInt16(coffHeader + 2) * 40; section += 40)
        {
            var offset = virtualAddress - Int32(section + 12);
            if (offset >= 0 && offset < Math.Max(Int32(section + 8), Int32(section + 16)))
            {
                return offset + Int32(section + 20);
            }
        }

        throw new InvalidDataException(Source + " has no section at address " + virtualAddress + ".");
    }

    private int Int32(int offset)
    {
        return BitConverter.ToInt32(_image, offset);
    }

    private int UInt16(int offset)
    {
        return BitConverter.ToUInt16(_image, offset);
    }
}
