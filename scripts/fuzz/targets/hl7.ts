import { makeMessage, MESSAGES } from '#lib/exhibits/hl7/make-message.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import { acknowledge } from '#lib/protocol/hl7/acknowledgement.ts';
import { describeEr7 } from '#lib/protocol/hl7/describe.ts';
import { writeEr7 } from '#lib/protocol/hl7/message.ts';
import { encodeMllp, MllpDecoder } from '#lib/protocol/hl7/mllp.ts';
import { parseEr7 } from '#lib/protocol/hl7/parse-er7.ts';
import { chunksOf, type FuzzTarget } from '../define-target.ts';

const messages = (): Uint8Array[] => MESSAGES.map((name) => writeEr7(makeMessage(name, 'fuzz')));

/** Reads a message as a receiver does: parse, look at fields, describe, write again. */
function receive(input: Uint8Array): boolean {
	const parsed = parseEr7(input);
	if (!('message' in parsed)) return false;
	const { message } = parsed;
	for (const path of ['MSH-9', 'MSH-10', 'MSH-18', 'PID-3[2].4', 'PID-5.1.2', 'OBX-5[3]']) {
		valueAt(message, path);
	}
	describeEr7(message);
	acknowledge(message, { code: 'AA', controlId: '1', time: '20260309074000' });
	const again = writeEr7(message);
	if (again.length !== input.length || again.some((byte, i) => byte !== input[i])) {
		throw new Error('a message was not written as it was read');
	}
	return true;
}

export const er7Target: FuzzTarget = {
	name: 'HL7 message',
	seeds: messages,
	run: (input) => void receive(input),
	understands: receive,
};

/** How many blocks a stream holds; each is read. */
function blocksIn(chunks: Iterable<Uint8Array>): number {
	const decoder = new MllpDecoder({ blockBytes: 64 * 1024, garbageBytes: 1024 });
	let blocks = 0;
	const take = (events: ReturnType<MllpDecoder['push']>): void => {
		for (const event of events) {
			if (event.kind !== 'block') continue;
			blocks++;
			receive(event.bytes);
		}
	};
	for (const chunk of chunks) take(decoder.push(chunk));
	take(decoder.end());
	return blocks;
}

export const mllpTarget: FuzzTarget = {
	name: 'MLLP stream',
	seeds: () => [new Uint8Array(Buffer.concat(messages().map((bytes) => encodeMllp(bytes))))],
	run: (input, random) => void blocksIn(chunksOf(input, random)),
	understands: (seed) => blocksIn([seed]) === MESSAGES.length,
};
