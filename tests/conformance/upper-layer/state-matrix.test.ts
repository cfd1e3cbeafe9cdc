import { IllegalPrimitive } from '#lib/protocol/dicom/upper-layer/illegal-primitive.ts';
import { lookUpAction } from '#lib/protocol/dicom/upper-layer/state-table.ts';
import type { EventId, State } from '#lib/protocol/dicom/upper-layer/states.ts';
import type { UpperLayer } from '#lib/protocol/dicom/upper-layer/upper-layer.ts';
import { describe, expect, test } from 'vitest';
import { bytes } from './bytes.ts';
import { drain, engineIn } from './engine-driver.ts';
import type { Role } from './engine-driver.ts';
import { acceptance, request, wire } from './pdu-fixtures.ts';

type Cell = [states: string, outputs: string, next: number];

/**
 * The behaviour PS3.8 table 9-10 asks for, typed apart from the table of the engine: effects, not
 * action names.
 */
const ABORT_SILENT = 'send A-ABORT 0/0, start-artim';
const violation = (reason: number) =>
	`send A-ABORT 2/${reason}, abort-indication 2/${reason} own, start-artim`;
const unexpected = (states: string): Cell[] => [
	['2', ABORT_SILENT, 13],
	[states, violation(2), 13],
];
const invalid = (reason: number): Cell[] => [
	['2', ABORT_SILENT, 13],
	['3 5 6 7 8 9 10 11 12', violation(reason), 13],
	['13', `send A-ABORT 2/${reason}`, 13],
];

const EXPECTED: Record<EventId, Cell[]> = {
	Evt1: [['1', 'connect', 4]],
	Evt2: [['4', 'send A-ASSOCIATE-RQ', 5]],
	Evt3: [...unexpected('3 6 7 8 9 10 11 12'), ['5', 'associate-confirm', 6], ['13', '', 13]],
	Evt4: [...unexpected('3 6 7 8 9 10 11 12'), ['5', 'reject-confirm, close', 1], ['13', '', 13]],
	Evt5: [['1', 'start-artim', 2]],
	Evt6: [
		['2', 'stop-artim, associate-indication', 3],
		['3 5 6 7 8 9 10 11 12', violation(2), 13],
		['13', 'send A-ABORT 2/2', 13],
	],
	Evt7: [['3', 'send A-ASSOCIATE-AC', 6]],
	Evt8: [['3', 'send A-ASSOCIATE-RJ 1/1/7, start-artim', 13]],
	Evt9: [
		['6', 'send P-DATA-TF', 6],
		['8', 'send P-DATA-TF', 8],
	],
	Evt10: [
		...unexpected('3 5 8 9 10 11 12'),
		['6', 'data-indication', 6],
		['7', 'data-indication', 7],
		['13', '', 13],
	],
	Evt11: [['6', 'send A-RELEASE-RQ', 7]],
	Evt12: [
		...unexpected('3 5 8 9 10 11 12'),
		['6', 'release-indication', 8],
		['7 requestor', 'release-indication', 9],
		['7 acceptor', 'release-indication', 10],
		['13', '', 13],
	],
	Evt13: [
		...unexpected('3 5 6 8 9 12'),
		['7 11', 'release-confirm, close', 1],
		['10', 'release-confirm', 12],
		['13', '', 13],
	],
	Evt14: [
		['8 12', 'send A-RELEASE-RP, start-artim', 13],
		['9', 'send A-RELEASE-RP', 11],
	],
	Evt15: [
		['3 5 6 7 8 9 10 11 12', ABORT_SILENT, 13],
		['4', 'close', 1],
	],
	Evt16: [
		['2 13', 'stop-artim, close', 1],
		['3 5 6 7 8 9 10 11 12', 'abort-indication 2/6 received, close', 1],
	],
	Evt17: [
		['2 13', 'stop-artim', 1],
		['3 4 5 6 7 8 9 10 11 12', 'abort-indication 2/0 own', 1],
	],
	Evt18: [['2 13', 'close', 1]],
	Evt19: invalid(1),
};

const FIRE: Record<EventId, (engine: UpperLayer) => void> = {
	Evt1: (engine) => engine.associate(request()),
	Evt2: (engine) => engine.transportConnected(),
	Evt3: (engine) => engine.receive(wire('A-ASSOCIATE-AC')),
	Evt4: (engine) => engine.receive(wire('A-ASSOCIATE-RJ')),
	Evt5: (engine) => engine.transportConnected(),
	Evt6: (engine) => engine.receive(wire('A-ASSOCIATE-RQ')),
	Evt7: (engine) => engine.accept(acceptance()),
	Evt8: (engine) => engine.reject({ result: 1, source: 1, reason: 7 }),
	Evt9: (engine) =>
		engine.sendData([{ contextId: 1, isCommand: true, isLast: true, data: bytes('00 00') }]),
	Evt10: (engine) => engine.receive(wire('P-DATA-TF')),
	Evt11: (engine) => engine.release(),
	Evt12: (engine) => engine.receive(wire('A-RELEASE-RQ')),
	Evt13: (engine) => engine.receive(wire('A-RELEASE-RP')),
	Evt14: (engine) => engine.respondRelease(),
	Evt15: (engine) => engine.abort(),
	Evt16: (engine) => engine.receive(wire('A-ABORT')),
	Evt17: (engine) => engine.transportClosed(),
	Evt18: (engine) => engine.artimExpired(),
	Evt19: (engine) => engine.receive(bytes('08 00 00 00 00 00')),
};

const PRIMITIVES = new Set(['Evt1', 'Evt7', 'Evt8', 'Evt9', 'Evt11', 'Evt14', 'Evt15']);
const ROLES: Role[] = ['requestor', 'acceptor'];
const STATES = Array.from({ length: 13 }, (_, i) => `Sta${i + 1}` as State);

function expectedCell(cells: Cell[], state: State, role: Role): Cell | undefined {
	const number = state.slice(3);
	return cells.find(([states]) => {
		const [first, only] = states.split(' ');
		if (only === 'requestor' || only === 'acceptor') return first === number && only === role;
		return states.split(' ').includes(number);
	});
}

/** What the role makes impossible: only a requestor connects, only an acceptor is connected to. */
function canOccur(event: EventId, role: Role): boolean {
	if (event === 'Evt1' || event === 'Evt2') return role === 'requestor';
	return event !== 'Evt5' || role === 'acceptor';
}

function checkCell(
	engine: UpperLayer,
	event: EventId,
	fire: (engine: UpperLayer) => void,
	cell: Cell | undefined,
): void {
	const before = engine.state;
	if (!cell && PRIMITIVES.has(event)) {
		expect(() => fire(engine)).toThrow(IllegalPrimitive);
		expect(drain(engine)).toEqual([]);
		expect(engine.state).toBe(before);
		return;
	}
	fire(engine);
	const [, outputs, next] = cell ?? ['', '', Number(before.slice(3))];
	expect(drain(engine).join(', ')).toBe(outputs);
	expect(engine.state).toBe(`Sta${next}`);
}

describe.each(Object.keys(EXPECTED) as EventId[])('%s', (event) => {
	test.each(STATES)('in %s', (state) => {
		let runs = 0;
		for (const role of ROLES) {
			const engine = engineIn(state, role);
			if (!engine || !canOccur(event, role)) continue;
			expect(engine.state).toBe(state);
			checkCell(engine, event, FIRE[event], expectedCell(EXPECTED[event], state, role));
			runs += 1;
		}
		// No input can bring, for instance, a requestor's event to an acceptor's state: there the
		// table itself is asked.
		if (runs === 0) expect(lookUpAction(event, state)).toBeUndefined();
	});
});

describe('Evt19 by its reason', () => {
	const ways: [reason: number, name: string, chunk: Uint8Array][] = [
		[1, 'unrecognized PDU', bytes('16 03 01 00 00 00')],
		[5, 'unexpected parameter', associateWithAnswerItem()],
		[6, 'invalid parameter value', bytes('04 00 00 00 00 00')],
	];
	test.each(ways)('reason %i, %s, in every state', (reason, _name, chunk) => {
		for (const state of STATES) {
			for (const role of ROLES) {
				const engine = engineIn(state, role);
				if (!engine) continue;
				const cell = expectedCell(invalid(reason), state, role);
				checkCell(engine, 'Evt19', (target) => target.receive(chunk), cell);
			}
		}
	});

	/** An A-ASSOCIATE-RQ whose context item has the type of an A-ASSOCIATE-AC. */
	function associateWithAnswerItem(): Uint8Array {
		const copy = wire('A-ASSOCIATE-RQ').slice();
		copy[6 + 68 + 25] = 0x21;
		return copy;
	}
});

test('an acceptor cannot request an association', () => {
	const engine = engineIn('Sta1', 'acceptor');
	expect(() => engine?.associate(request())).toThrow(IllegalPrimitive);
	expect(engine?.state).toBe('Sta1');
});

test('protocol version bit 0 clear is rejected 1/2/2 with ARTIM running (AE-6)', () => {
	const engine = engineIn('Sta2', 'acceptor');
	const chunk = wire('A-ASSOCIATE-RQ').slice();
	chunk[7] = 0xfe;
	engine?.receive(chunk);
	expect(engine && drain(engine)).toEqual([
		'stop-artim',
		'send A-ASSOCIATE-RJ 1/2/2',
		'start-artim',
	]);
	expect(engine?.state).toBe('Sta13');
});
