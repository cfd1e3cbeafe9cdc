import { expect, test } from 'vitest';
import { writePcapng } from './pcapng.ts';

const file = writePcapng({
	interfaces: [{ name: 'eth0', description: 'server room' }, { name: 'eth1' }],
	hostNames: [{ address: '10.20.20.10', name: 'pacs' }],
	packets: [
		{
			interface: 1,
			timeUs: 1_773_042_000_123_456,
			pieces: [Uint8Array.of(1, 2), Uint8Array.of(3)],
		},
		{ interface: 0, timeUs: 1_773_042_000_123_457, pieces: [Uint8Array.of(4)], comment: 'reject' },
	],
});

test('every block states its length twice, in multiples of four', () => {
	const whole = Uint8Array.from(file.flatMap((piece) => [...piece]));
	const view = new DataView(whole.buffer);
	const types: number[] = [];
	for (let offset = 0; offset < whole.length;) {
		const length = view.getUint32(offset + 4, true);
		expect(length % 4).toBe(0);
		expect(view.getUint32(offset + length - 4, true)).toBe(length);
		types.push(view.getUint32(offset, true));
		offset += length;
	}
	expect(types).toEqual([0x0a0d0d0a, 1, 1, 4, 6, 6]);
});

test('time stamps count nanoseconds', () => {
	const head = file[4]!;
	const view = new DataView(head.buffer, head.byteOffset);
	const time = (BigInt(view.getUint32(12, true)) << 32n) | BigInt(view.getUint32(16, true));
	expect(time).toBe(1_773_042_000_123_456_000n);
	expect([view.getUint32(8, true), view.getUint32(20, true)]).toEqual([1, 3]);
});

test('the packets are not copied', () => {
	const piece = Uint8Array.of(9);
	const out = writePcapng({
		interfaces: [{ name: 'eth0' }],
		packets: [{ interface: 0, timeUs: 0, pieces: [piece] }],
	});
	expect(out).toContain(piece);
});
