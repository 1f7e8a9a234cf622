"""Which functions of libtorch a library asks for that a PyTorch does not have.

missing_symbols.py LIBRARY FOLDER...: compares the undefined symbols of LIBRARY with what the shared libraries in the folders export, prints
the count and the first missing ones, and exits with 1 where there are any. Reads ELF by itself: neither nm nor a loader is needed.
"""
import pathlib
import re
import struct
import sys

OF_TORCH = re.compile(r"(?:2at|3c10|5torch|6caffe2)")
DYNAMIC_SYMBOLS = 11
WEAK = 2


def symbols(path):
    """Name, whether it is defined, and whether it is weak, of each dynamic symbol of a 64-bit little-endian ELF file."""
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        return
    (table,) = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + i * size) for i in range(count)]
    for _, kind, _, _, offset, length, link, _, _, entry in sections:
        if kind != DYNAMIC_SYMBOLS:
            continue
        names = sections[link][4]
        for position in range(offset, offset + length, entry):
            name, info, _, section = struct.unpack_from("<IBBH", data, position)
            begin = names + name
            yield data[begin:data.index(b"\0", begin)].decode("ascii", "replace"), section != 0, info >> 4 == WEAK


def main():
    library, folders = pathlib.Path(sys.argv[1]), [pathlib.Path(folder) for folder in sys.argv[2:]]
    needed = {name for name, defined, weak in symbols(library) if not defined and not weak and OF_TORCH.search(name)}
    exported = set()
    for path in sorted({path.resolve() for folder in folders for path in folder.glob("lib*.so*") if re.match(r"lib(c10|torch)", path.name)}):
        exported.update(name for name, defined, _ in symbols(path) if defined)
    missing = sorted(needed - exported)
    print(f"{library.name} asks for {len(needed)} functions of libtorch; {len(missing)} of them are missing here.")
    for name in missing[:10]:
        print(f"  {name}")
    return 1 if missing or not needed else 0


if __name__ == "__main__":
    sys.exit(main())
