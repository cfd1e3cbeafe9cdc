"""Reads messages with python-hl7, one base64 text a line, and prints what it found as JSON lines.

Each line: the message as python-hl7 writes it (base64 of latin-1), and its segments as fields, repetitions,
components and subcomponents in raw text.
"""

import base64
import json
import sys

import hl7


def leaves(node):
    """A field as repetitions of components of subcomponents, all of them lists."""
    repetitions = []
    for repetition in node:
        if isinstance(repetition, str):
            repetitions.append([[repetition]])
            continue
        components = []
        for component in repetition:
            components.append([component] if isinstance(component, str) else [str(s) for s in component])
        repetitions.append(components)
    return repetitions


for line in sys.stdin:
    text = base64.b64decode(line).decode("latin-1")
    message = hl7.parse(text)
    segments = [[leaves(field) for field in segment] for segment in message]
    written = base64.b64encode(str(message).encode("latin-1")).decode("ascii")
    print(json.dumps({"written": written, "segments": segments}))
