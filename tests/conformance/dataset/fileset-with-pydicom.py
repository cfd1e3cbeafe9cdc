"""Prints, as JSON, the instances that pydicom finds in the file-set of a DICOMDIR."""
import json
import os
import sys

from pydicom.fileset import FileSet

file_set = FileSet(sys.argv[1])
out = [
    {
        "patient": str(instance.PatientID),
        "name": str(instance.PatientName),
        "study": str(instance.StudyInstanceUID),
        "series": str(instance.SeriesInstanceUID),
        "instance": str(instance.SOPInstanceUID),
        "file": os.path.relpath(instance.path, file_set.path),
        "number": str(instance.InstanceNumber),
    }
    for instance in file_set
]
json.dump({"id": file_set.ID, "instances": out}, sys.stdout)
