"""Prints, as JSON, the encapsulated frames pydicom finds in a file; with a shape also decoded RLE.

Usage: pixels-with-pydicom.py FILE [rle]
"""
import json
import sys

import pydicom
from pydicom.encaps import generate_pixel_data_frame
from pydicom.encoders.native import _encode_frame
from pydicom.pixel_data_handlers.rle_handler import _rle_decode_frame

data_set = pydicom.dcmread(sys.argv[1])
count = int(data_set.get("NumberOfFrames", 1))
frames = list(generate_pixel_data_frame(data_set.PixelData, count))
out = {"frames": [frame.hex() for frame in frames]}
if "rle" in sys.argv:
    rows, columns, samples = data_set.Rows, data_set.Columns, data_set.SamplesPerPixel
    bits = data_set.BitsAllocated
    planar = [_rle_decode_frame(frame, rows, columns, samples, bits) for frame in frames]
    out["planar"] = [frame.hex() for frame in planar]
    size = bits // 8

    def interleaved(frame):
        plane = rows * columns * size
        parts = []
        for at in range(0, plane, size):
            for sample in range(samples):
                parts.append(frame[sample * plane + at : sample * plane + at + size])
        return b"".join(bytes(part) for part in parts)

    out["encoded"] = [
        _encode_frame(
            interleaved(frame),
            rows=rows,
            columns=columns,
            samples_per_pixel=samples,
            bits_allocated=bits,
            byteorder="<",
        ).hex()
        for frame in planar
    ]
json.dump(out, sys.stdout)
