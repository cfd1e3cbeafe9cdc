"""Prints pydicom's own JSON form of a file, or the text of each element of a JSON document on standard input."""
import json
import sys

import pydicom

if sys.argv[1] == "read":
    data_set = pydicom.Dataset.from_json(sys.stdin.read())
    json.dump({"%08X" % int(one.tag): str(one.value) for one in data_set if one.VR != "SQ"}, sys.stdout)
else:
    data_set = pydicom.dcmread(sys.argv[2])
    json.dump(data_set.to_json_dict(), sys.stdout)
