"""Prints what pydicom reads from a file, as JSON: tag -> text, and the text inside sequences."""
import json
import sys

import pydicom


def plain(data_set):
    out = {}
    for element in data_set:
        key = "%08x" % int(element.tag)
        if element.VR == "SQ":
            out[key] = [plain(item) for item in element.value]
        elif element.VR in ("OB", "OW", "UN"):
            out[key] = len(element.value)
        elif element.VM > 1:
            out[key] = [str(value) for value in element.value]
        else:
            out[key] = "" if element.value is None else str(element.value)
    return out


data_set = pydicom.dcmread(sys.argv[1])
data_set.decode()
json.dump(plain(data_set), sys.stdout)
