"""Sends messages, one base64 text a line, to a port on loopback and prints each answer in base64."""

import base64
import sys

from hl7.client import MLLPClient

with MLLPClient("127.0.0.1", int(sys.argv[1])) as client:
    for line in sys.stdin:
        answer = client.send_message(base64.b64decode(line))
        print(base64.b64encode(answer).decode("ascii"), flush=True)
