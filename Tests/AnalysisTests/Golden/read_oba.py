"""Reads .oba files by what their documentation says, with nothing but Python's own library.

Takes lines of a blob in hexadecimal and what Offbeat says is in it, and answers "same" for each.
"""

import json
import math
import struct
import sys
import zlib

WIDTHS = {"i8": "b", "u8": "B", "i16": "h", "u16": "H", "i32": "i", "u32": "I", "i64": "q", "f32": "f"}


def numbers(raw, start, array):
    letter = WIDTHS[array["type"]]
    values = list(struct.unpack_from("<%d%s" % (array["count"], letter), raw, start))
    if array["delta"]:
        bits, total = 8 * struct.calcsize(letter), 0
        for place, value in enumerate(values):
            total = (total + value) % 2**bits
            signed = array["type"][0] == "i" and total >= 2 ** (bits - 1)
            values[place] = total - 2**bits if signed else total
    return values, start + array["count"] * struct.calcsize(letter)


def unpack(blob):
    magic, codec, zeros, size, checksum = struct.unpack_from("<4sB3sII", blob)
    assert magic == b"OBA1" and zeros == b"\0\0\0" and size <= 64 << 20
    raw = zlib.decompress(blob[16:]) if codec == 1 else blob[16:]
    assert len(raw) == size and zlib.crc32(raw) == checksum
    (length,) = struct.unpack_from("<I", raw)
    about = json.loads(raw[4 : 4 + length])
    place, arrays = 4 + length, {}
    for array in about["arrays"]:
        arrays[array["name"]], place = numbers(raw, place, array)
    assert place == len(raw)
    return about, arrays


def byte(value):
    return (value + 128) % 256 - 128


def peaks(arrays, name, base):
    pairs = zip(arrays[name + "/min"], arrays[name + "/max"])
    values = [value for pair in pairs for value in pair]
    return [byte(value + under) for value, under in zip(values, base)] if base else values


def coarser(level, distance):
    factor = distance // level["samplesPerPixel"]

    def extremes(values):
        result = []
        for start in range(0, len(values), 2 * factor):
            part = values[start : start + 2 * factor]
            result += [min(part[0::2]), max(part[1::2])]
        return result

    squares = [[value**2 for value in level["rms"][i : i + factor]] for i in range(0, len(level["rms"]), factor)]
    made = {"samplesPerPixel": distance, "mono": extremes(level["mono"])}
    made["rms"] = [math.floor(math.sqrt(sum(part) / len(part)) + 0.5) for part in squares]
    made["channels"] = [extremes(values) for values in level["channels"]]
    return made


def levels(about, arrays):
    result = []
    for index, level in enumerate(about["waveform"]["levels"]):
        if "from" in level:
            result.append(coarser(result[level["from"]], level["samplesPerPixel"]))
            continue
        name = "waveform/%d/" % index
        made = {"samplesPerPixel": level["samplesPerPixel"], "rms": arrays[name + "rms"]}
        made["mono"] = peaks(arrays, name + "mono", None)
        channels = range(level["channels"])
        made["channels"] = [peaks(arrays, name + "channel%d" % number, made["mono"]) for number in channels]
        result.append(made)
    return result


def curves(about, arrays):
    for curve in about["features"]["curves"]:
        flat, width = arrays["curves/" + curve["name"]], curve["width"]
        moments = len(flat) // width
        yield [flat[place * moments + moment] for moment in range(moments) for place in range(width)]


def spans(values):
    return [{"start": start, "end": end} for start, end in zip(values[0::2], values[1::2])]


def check(blob, said):
    about, arrays = unpack(blob)
    document = said["document"]
    shown = document["waveform"]["levels"]
    for level, other in zip(levels(about, arrays), shown, strict=True):
        assert level["samplesPerPixel"] == other["samplesPerPixel"]
        assert level["mono"] == other["mono"] and level["rms"] == other["rms"]
        assert level["channels"] == other.get("channels", [])
    assert list(curves(about, arrays)) == said["curves"]
    markers = document["markers"]
    for name in ("onsets", "beats"):
        assert arrays.get("markers/" + name, []) == markers[name]
    for name in ("silences", "sections"):
        assert spans(arrays.get("markers/" + name, [])) == markers[name]
    assert about["metadata"] == document["metadata"]
    for name in ("peak", "rms", "channels", "sampleRate", "loudness"):
        assert about["features"][name] == document["features"][name]
    for name in ("tempo", "key"):
        if name in document["features"]:
            assert document["features"][name] == about["features"][name] | {"source": "analysis"}


for line in sys.stdin:
    blob, said = line.split(" ", 1)
    check(bytes.fromhex(blob), json.loads(said))
    print("same")
