"""Listens on a free port of loopback, prints it, and acknowledges every message that comes."""

import asyncio

from hl7.mllp import start_hl7_server


async def serve(reader, writer):
    while not reader.at_eof():
        try:
            message = await reader.readmessage()
        except asyncio.IncompleteReadError:
            break
        writer.writemessage(message.create_ack("AE" if "REFUSED" in str(message) else "AA"))
        await writer.drain()
    writer.close()


async def main():
    async with await start_hl7_server(serve, host="127.0.0.1", port=0, encoding="latin-1") as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


asyncio.run(main())
