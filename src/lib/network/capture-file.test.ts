import { wait } from '#lib/kernel/process.ts';
import { readCapture } from '#lib/protocol/wire/read-capture.ts';
import { decodeFrame, type DecodedFrame } from '#lib/protocol/wire/decode-frame.ts';
import { expect, test } from 'vitest';
import { captureAt, segmentsAt, segmentsInOrder } from './capture.ts';
import { writeCapture } from './capture-file.ts';
import { bench, type Bench } from './four-subnets.fixture.ts';

/** Two hosts write 20 kB to each other at the same time. */
function busyBench(): Bench {
	const b = bench();
	const listener = b.network.host('pacs').listen(104);
	const { value: client } = b.run(
		b.network.host('ct2').connect({ address: '10.20.20.10', port: 104 }),
	);
	if (client.kind !== 'connected') throw new Error(client.kind);
	const { value: server } = b.run(wait(listener.accept()));
	for (let i = 0; i < 3; i++) {
		client.write([new Uint8Array(20_000).fill(i)]);
		server.write([new Uint8Array(20_000).fill(i)]);
	}
	for (let read = 0; read < 3; read++) b.run(wait(server.read()));
	return b;
}

test('what is captured in order, piece by piece, is what sorting gives', () => {
	const { kernel } = busyBench();
	for (const host of ['ct2', 'firewall', 'pacs']) {
		const inOrder = [...segmentsAt(kernel.trace, host)];
		const times = inOrder.map(({ timeUs }) => timeUs);
		expect(times).toEqual(times.toSorted((a, b) => a - b));
		expect(inOrder).toEqual([...segmentsInOrder(captureAt(kernel.trace, host))]);
		expect(inOrder.length).toBeGreaterThan(80);
	}
});

test('nothing is collected before it is asked for', () => {
	const { kernel } = busyBench();
	const looked: number[] = [];
	const watched = segmentsAt(kernel.trace, 'ct2', {
		filter: ({ timeUs }) => looked.push(timeUs) > 0,
	});
	for (let i = 0; i < 5; i++) watched.next();
	// The filter sees whole writes: far from all of them have been looked at.
	expect(looked.length).toBeLessThan(captureAt(kernel.trace, 'ct2').length / 2);
});

test('a packet has the same IP identification wherever it is captured, and no two have the same', () => {
	const { kernel } = busyBench();
	const framesAt = (host: string): DecodedFrame[] =>
		[...readCapture(writeCapture(captureAt(kernel.trace, host), { epochUs: 0 }))].flatMap((item) =>
			item.kind === 'packet' ? [decodeFrame(item.linkType, item.bytes)] : [],
		);
	const idsAt = (host: string) =>
		new Map(
			framesAt(host).flatMap(({ tcp, source, identification }) =>
				tcp && tcp.payloadBytes > 0 ? [[`${source} ${tcp.seq}`, identification]] : [],
			),
		);
	const sent = idsAt('ct2');
	expect(idsAt('pacs')).toEqual(sent);
	expect(idsAt('firewall')).toEqual(sent);
	expect(new Set(sent.values()).size).toBe(sent.size);
});
