import {
	cCancelRequest,
	cEchoRequest,
	cStoreRequest,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { expect, test } from 'vitest';
import type { World } from '../world.ts';
import { type ServiceRequest } from './service-class-provider.ts';

import {
	CT,
	DATA,
	ECHO,
	FIND,
	find,
	post,
	responses,
	served,
	talk,
} from '../../../../tests/support/served-device.ts';

/** Takes a tenth of a second for each request, and notes which have begun. */
function slowly(world: () => World, begun: number[] = []): (request: ServiceRequest) => Process {
	return function* (request) {
		begun.push(request.command.MessageID ?? 0);
		yield* world().kernel.sleep(100_000);
		const status = request.cancelled ? 0xfe00 : 0x0000;
		request.respond(responseTo(request.command, { status }));
	};
}

test('one at a time: requests sent ahead wait in line, echoes too', () => {
	const begun: number[] = [];
	const { world } = served(slowly(() => world, begun));
	const order = talk(world, function* (link) {
		for (const id of [1, 2]) post(link, FIND, find(id));
		post(link, ECHO, cEchoRequest({ messageId: 3 }));
		expect(begun).toEqual([]);
		return yield* responses(link, 3);
	});
	expect(order.map(([id]) => id)).toEqual([1, 2, 3]);
	expect(begun).toEqual([1, 2]);
});

test('with a negotiated window they run at the same time', () => {
	const { world } = served(
		slowly(() => world),
		{ performed: 2 },
	);
	const started = world.kernel.nowUs;
	const window = { asynchronousOperationsWindow: { invoked: 3, performed: 1 } };
	const took = talk(
		world,
		function* (link) {
			for (const id of [1, 2, 3]) post(link, FIND, find(id));
			yield* responses(link, 2);
			const two = world.kernel.nowUs - started;
			yield* responses(link, 1);
			return [two, world.kernel.nowUs - started];
		},
		window,
	);
	expect(took[0]).toBeLessThan(150_000);
	expect(took[1]).toBeGreaterThan(200_000);
});

test('0210 for a Message ID that is in use, and it may be used again afterwards', () => {
	const { world } = served(slowly(() => world));
	const seen = talk(world, function* (link) {
		for (const id of [5, 5]) post(link, FIND, find(id));
		const first = yield* responses(link, 2);
		post(link, FIND, find(5));
		return [...first, ...(yield* responses(link, 1))];
	});
	expect(seen).toEqual([
		[5, 0x0210],
		[5, 0x0000],
		[5, 0x0000],
	]);
});

test('0211 for an unknown Command Field; 0213 when too many wait', () => {
	const { world } = served(slowly(() => world));
	const seen = talk(world, function* (link) {
		post(link, FIND, { ...find(9), CommandField: 0x0777 });
		const [unknown] = yield* responses(link, 1);
		for (let id = 1; id <= 260; id++) post(link, FIND, find(id));
		const refused = yield* responses(link, 3);
		link.abort();
		return [unknown, ...refused];
	});
	expect(seen).toEqual([
		[9, 0x0211],
		[258, 0x0213],
		[259, 0x0213],
		[260, 0x0213],
	]);
});

test('C-CANCEL reaches a service that runs, on whichever context, and one that waits', () => {
	const { world } = served(slowly(() => world));
	const seen = talk(world, function* (link) {
		for (const id of [1, 2, 3]) post(link, FIND, find(id));
		post(link, ECHO, cCancelRequest(1));
		post(link, FIND, cCancelRequest(3));
		post(link, FIND, cCancelRequest(3));
		post(link, FIND, cCancelRequest(99));
		return yield* responses(link, 3);
	});
	expect(seen).toEqual([
		[1, 0xfe00],
		[2, 0x0000],
		[3, 0xfe00],
	]);
});

test('a release is answered after the responses that are due', () => {
	const { world, server } = served(slowly(() => world));
	const seen = talk(world, function* (link) {
		for (const id of [1, 2]) post(link, FIND, find(id));
		link.connection.act((association) => association.release());
		const kinds: string[] = [];
		while (!kinds.includes('released')) {
			kinds.push((yield* link.connection.next(seconds(60))).kind);
		}
		return kinds;
	});
	expect(seen).toEqual(['message', 'message', 'released']);
	world.kernel.runUntil(world.kernel.nowUs + seconds(1));
	expect(server.provider.associationsInUse).toBe(0);
});

test('an abort ends the wait of a service, and its slot is free', () => {
	const ended: string[] = [];
	const { world, server } = served(function* (request) {
		const command = cStoreRequest({ messageId: 0, sopClassUid: CT, sopInstanceUid: '1.2' });
		ended.push((yield* request.invoke(CT, command, DATA)).kind, String(request.alive));
	});
	talk(
		world,
		function* (link) {
			post(link, FIND, find(1));
			yield* link.connection.next(seconds(5));
			link.abort();
		},
		{ roles: [{ sopClassUid: CT, scuRole: true, scpRole: true }] },
	);
	world.kernel.runUntil(world.kernel.nowUs + seconds(1));
	expect(ended).toEqual(['aborted', 'false']);
	expect(server.provider.associationsInUse).toBe(0);
});

test('idle is when neither a message comes nor a service runs', () => {
	const { world } = served(
		function* (request) {
			yield* world.kernel.sleep(seconds(25));
			request.respond(responseTo(request.command, { status: 0x0000 }));
		},
		{ idleTimeoutUs: seconds(10) },
	);
	const [status, idle] = talk(world, function* (link): Process<[number, number]> {
		post(link, FIND, find(1));
		const [[, answered] = [0, NaN]] = yield* responses(link, 1);
		const since = world.kernel.nowUs;
		const event = yield* link.connection.next(seconds(60));
		expect(event.kind).toBe('aborted');
		return [answered, Math.round((world.kernel.nowUs - since) / 1_000_000)];
	});
	expect([status, idle]).toEqual([0x0000, 10]);
});

test('a peer that takes no message of ours is not served for ever', () => {
	const { world, server } = served(slowly(() => world));
	const kind = talk(
		world,
		function* (link) {
			post(link, FIND, find(1));
			return (yield* link.connection.next(seconds(60))).kind;
		},
		{ maximumLengthBytes: 7 },
	);
	expect(kind).toBe('aborted');
	world.kernel.runUntil(world.kernel.nowUs + seconds(1));
	expect(server.provider.associationsInUse).toBe(0);
});
