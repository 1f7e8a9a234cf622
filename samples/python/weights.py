"""Reads the weights that SaveWeights wrote, with NumPy alone.

    python3 weights.py weights.safetensors                                      lists text and tensors
    python3 weights.py weights.safetensors NAME images.safetensors result.f32   convolves the tensor "images" [B, C, H, W] with NAME.weight and NAME.bias
"""
import json
import struct
import sys

import numpy as np

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1", "U8": "<u1", "BOOL": "?"}


def read(path):
    """The tensors by name, and the text about them."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    text = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors, text


def convolve(images, weight, bias=None):
    """Images [B, C, H, W] with filters [F, C, S, S], S odd, in steps of one, padded by half the filters' size as the networks do."""
    margin = weight.shape[2] // 2
    padded = np.pad(images, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, weight.shape[2:], axis=(2, 3))
    result = np.einsum("bchwij,fcij->bfhw", windows, weight, optimize=True)
    return result if bias is None else result + bias[:, None, None]


def main(path, name=None, images=None, result=None):
    tensors, text = read(path)
    if name is None:
        print(f"method {json.loads(text['options'])['method']}, images {text['images']}")
        for own, tensor in tensors.items():
            print(own, tensor.dtype, list(tensor.shape))
    else:
        pixels = read(images)[0]["images"]
        convolve(pixels, tensors[f"{name}.weight"], tensors.get(f"{name}.bias")).astype("<f4").tofile(result)


if __name__ == "__main__":
    main(*sys.argv[1:])
