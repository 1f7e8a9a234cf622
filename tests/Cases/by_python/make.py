"""Writes pictures.json and arrays.json: files by Python and the values that they hold, by which readers of this library are compared with others.

Needs numpy, Pillow and h5py. PNG files are put together by the standard (ISO 15948), since Pillow writes few kinds of them.
"""
import base64, ctypes, gzip, io, json, os, struct, zlib

import h5py.defs
import numpy as np
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(1)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def filtered(image, depth):
    """Rows of [H, W, S] values as bytes, each with a filter of its own."""
    step, above, result = max(1, image.shape[2] * depth // 8), None, b""
    for values in image:
        bits = "".join(f"{value:0{depth}b}" for value in values.reshape(-1))
        bits += "0" * (-len(bits) % 8)
        row = [int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)]
        above, kind = above or [0] * len(row), int(rng.integers(5))
        result += bytes([kind])
        for i, value in enumerate(row):
            a, b, c = (row[i - step], above[i], above[i - step]) if i >= step else (0, above[i], 0)
            near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            result += bytes([(value - (0, a, b, (a + b) // 2, near)[kind]) & 255])
        above = row
    return result


def png(image, depth, color, interlaced, palette, transparent):
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    data = zlib.compress(b"".join(filtered(image[y::down, x::right], depth) for x, y, right, down in passes))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", image.shape[1], image.shape[0], depth, color, 0, 0, interlaced))]
    chunks += [] if palette is None else [(b"PLTE", bytes(palette.reshape(-1).tolist()))]
    chunks += [] if transparent is None else [(b"tRNS", transparent)]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in chunks + [(b"IDAT", data), (b"IEND", b"")])


def png_kinds():
    for color, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
        for depth, interlaced, see_through in ((d, i, t) for d in depths for i in (0, 1) for t in (0, 1)):
            if (depth == 16 and interlaced) or (see_through and color >= 4):
                continue
            most, largest = (1 << depth) - 1, 65535 if depth == 16 else 255
            image = rng.integers(0, most + 1, (5, 6, {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color]))
            palette = transparent = None
            alpha = np.full(image.shape[:2], largest)
            if color == 3:
                palette = rng.integers(0, 256, (1 << min(depth, 4), 3))
                image %= len(palette)
                values, opacity = palette[image[:, :, 0]], rng.integers(0, 256, len(palette) - 1)
                alpha = np.append(opacity, 255)[image[:, :, 0]] if see_through else alpha
                transparent = bytes(opacity.tolist()) if see_through else None
            else:
                values = image[:, :, :1 if color in (0, 4) else 3] * (255 // most if depth < 8 else 1)
                alpha = image[:, :, -1] if color >= 4 else alpha
                if see_through:
                    alpha = np.where((image == image[2, 3]).all(2), 0, largest)
                    transparent = struct.pack(f">{image.shape[2]}H", *image[2, 3])
            expected = (2 * values * alpha[:, :, None] + largest) // (2 * largest)
            name = f"{ {0: 'gray', 2: 'color', 3: 'palette', 4: 'gray with alpha', 6: 'color with alpha'}[color]} of {depth} bits"
            name += (", interlaced" if interlaced else "") + (", partly transparent" if see_through else "")
            yield name, png(image, depth, color, interlaced, palette, transparent), expected, 0


def jpeg_kinds():
    for name, mode, options in [
        ("gray JPEG", "L", {}), ("color JPEG", "RGB", {"subsampling": 0}), ("color JPEG of half the colors", "RGB", {"subsampling": 2}),
        ("progressive color JPEG", "RGB", {"subsampling": 1, "progressive": True}),
    ]:
        coarse = Image.fromarray(rng.integers(0, 256, (3, 4, 3)).astype(np.uint8)).convert(mode)
        file = io.BytesIO()
        coarse.resize((11, 9), Image.BICUBIC).save(file, "JPEG", quality=90, **options)
        yield name, file.getvalue(), np.atleast_3d(np.asarray(Image.open(file))).astype(int), 2


def array_kinds():
    """Files of [3, 6, 5] values k * 701 % 65536 for k = 0 to 89, of bytes and halves k, of floats k / 8; and such as must be refused."""
    counts = np.arange(90).reshape(3, 6, 5)
    words = (counts * 701 % 65536).astype("<u2")

    def file(values, libver="earliest", **options):
        def write(h5):
            h5.create_dataset("images", data=values, track_times=False, **options)
        return write, libver

    def low(kind, values, change=lambda creation: None):
        def write(h5):
            creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            creation.set_obj_track_times(False)
            change(creation)
            h5py.h5d.create(h5.id, b"images", kind, h5py.h5s.create_simple(values.shape), creation).write(h5py.h5s.ALL, h5py.h5s.ALL, values)
        return write, "latest"

    def unfiltered_border(creation):
        creation.set_chunk((1, 4, 4))
        ctypes.CDLL(h5py.defs.__file__).H5Pset_chunk_opts(ctypes.c_int64(creation.id), 2)
        creation.set_shuffle()

    late, half, shifted = (lambda **options: file(words, "latest", **options)), h5py.h5t.IEEE_F16LE.copy(), h5py.h5t.STD_U16LE.copy()
    half.set_fields(15, 7, 8, 0, 7)
    half.set_ebias(127)
    shifted.set_precision(12)
    shifted.set_offset(4)
    yield "bytes", *file(counts.astype("u1")), None
    yield "halves", *file(counts.astype("<f2")), None
    yield "floats", *file((counts / 8).astype("<f4")), None
    yield "doubles", *file(counts / 8), None
    yield "words, compact", *low(h5py.h5t.STD_U16LE, words, lambda creation: creation.set_layout(h5py.h5d.COMPACT)), None
    yield "words in chunks", *file(words, chunks=(2, 4, 3), maxshape=(None, None, 9)), None
    yield "words, shuffled and compressed", *file(words, chunks=(2, 4, 3), shuffle=True, compression="gzip"), None
    yield "words, compressed, with a checksum", *file(words, chunks=(2, 4, 3), compression="gzip", fletcher32=True), None
    yield "words with a checksum alone", *file(words, chunks=(1, 4, 3), fletcher32=True), None
    yield "words with scale and offset", *file(words, chunks=(2, 4, 3), scaleoffset=0), None
    yield "words in one new chunk", *late(chunks=(3, 6, 5), shuffle=True, compression="gzip"), None
    yield "words in a fixed array", *late(chunks=(1, 4, 3), compression="gzip"), None
    yield "words in an extensible array", *late(chunks=(1, 4, 3), maxshape=(None, 6, 5)), None
    yield "words in a new tree", *late(chunks=(1, 4, 3), maxshape=(None, None, 5), fletcher32=True), None
    yield "a fixed array that may grow", *late(chunks=(1, 4, 3), maxshape=(3, 6, 20)), "may grow along another axis than its first one"
    yield "an extensible array across", *late(chunks=(1, 4, 3), maxshape=(3, 6, None)), "may grow along another axis than its first one"
    yield "a border without filters", *low(h5py.h5t.STD_U16LE, words, unfiltered_border), "has chunks at its border that no filter was applied to"
    yield "bfloat16", *low(half, counts.astype("<f4")), "of another kind than IEEE 754 has"
    yield "12 bits from the fifth on", *low(shifted, counts.astype("<u2")), "holds integers that begin at bit 4"


def text(data):
    return base64.b64encode(data).decode()


def write(name, items):
    with open(os.path.join(HERE, name), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(item, separators=(",", ":")) for item in items) + "\n]\n")


write("pictures.json", [
    {"name": name, "file": text(data), "tolerance": tolerance, "shape": [values.shape[2], *values.shape[:2]],
     "values": values.transpose(2, 0, 1).reshape(-1).tolist()}
    for kinds in (png_kinds(), jpeg_kinds()) for name, data, values, tolerance in kinds])
arrays = []
for name, fill, libver, refusal in array_kinds():
    memory = io.BytesIO()
    with h5py.File(memory, "w", libver=libver) as h5:
        fill(h5)
    arrays.append({"name": name, "file": text(gzip.compress(memory.getvalue(), mtime=0)), "refusal": refusal})
write("arrays.json", arrays)
