"""A DICOMweb client of the standard library and pydicom: prints what it got from a server as JSON."""
import email.parser
import email.policy
import http.client
import io
import json
import sys
import urllib.request

import pydicom

port, study, path = int(sys.argv[1]), sys.argv[2], sys.argv[3]
base = "http://127.0.0.1:%d/dicom-web" % port


def get(url, accept):
    request = urllib.request.Request(url, headers={"Accept": accept})
    with urllib.request.urlopen(request) as response:
        return response.headers["Content-Type"], response.read()


def parts_of(content_type, body):
    """The MIME parser of Python takes the parts of a multipart body apart."""
    head = ("Content-Type: %s\r\n\r\n" % content_type).encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    assert message.is_multipart() and not message.defects, message.defects
    return [part.get_payload(decode=True) for part in message.iter_parts()]


out = {}
out["studies"] = json.loads(get(base + "/studies", "application/dicom+json")[1])

# Three requests on one connection, one of them without a match and one with HEAD.
connection = http.client.HTTPConnection("127.0.0.1", port)
statuses = []
for method, target in (
    ("GET", "/dicom-web/studies?PatientID=NOBODY"),
    ("HEAD", "/dicom-web/studies"),
    ("GET", "/dicom-web/studies?limit=1"),
):
    connection.request(method, target)
    response = connection.getresponse()
    body = response.read()
    statuses.append([response.status, len(body)])
out["statuses"] = statuses
out["socket kept"] = connection.sock is not None

content_type, body = get(base + "/studies/" + study, 'multipart/related; type="application/dicom"')
files = parts_of(content_type, body)
out["retrieved"] = [str(pydicom.dcmread(io.BytesIO(one)).SOPInstanceUID) for one in files]

# Metadata as pydicom understands them, with the pixels behind their URI.
metadata = json.loads(get(base + path + "/metadata", "application/dicom+json")[1])[0]


def bulk(uri):
    return get(uri, "application/octet-stream")[1]


data_set = pydicom.Dataset.from_json(metadata, bulk_data_uri_handler=bulk)
original = pydicom.dcmread(io.BytesIO(files[0]))
out["differs"] = [
    str(element.tag)
    for element in original
    if element.keyword != "SpecificCharacterSet" and element != data_set.get(element.tag)
]
out["pixels"] = len(data_set.PixelData)

# A store in chunks without a length.
original.SOPInstanceUID = original.file_meta.MediaStorageSOPInstanceUID = "2.25.4711"
file = io.BytesIO()
original.save_as(file, write_like_original=False)
boundary = "=_stow"
whole = (
    ("--%s\r\nContent-Type: application/dicom\r\n\r\n" % boundary).encode()
    + file.getvalue()
    + ("\r\n--%s--" % boundary).encode()
)
connection.request(
    "POST",
    "/dicom-web/studies",
    body=(whole[i : i + 1000] for i in range(0, len(whole), 1000)),
    headers={
        "Content-Type": 'multipart/related; type="application/dicom"; boundary="%s"' % boundary,
        "Accept": "application/dicom+json",
    },
)
response = connection.getresponse()
out["store"] = [response.status, json.loads(response.read())]
json.dump(out, sys.stdout)
