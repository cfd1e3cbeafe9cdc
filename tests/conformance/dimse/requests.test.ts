import { spawnSync } from 'node:child_process';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { decodeCommandSet, encodeCommandSet } from '#lib/protocol/dicom/dimse/command-set.ts';
import {
	cCancelRequest,
	cEchoRequest,
	cFindRequest,
	cGetRequest,
	cMoveRequest,
	cStoreRequest,
	nActionRequest,
	nCreateRequest,
	nDeleteRequest,
	nEventReportRequest,
	nGetRequest,
	nSetRequest,
	responseTo,
} from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';

const MPPS = '1.2.840.10008.3.1.2.3.3';
const COMMITMENT = '1.2.840.10008.1.20.1';
const COMMITMENT_INSTANCE = '1.2.840.10008.1.20.1.1';
const GET = '1.2.840.10008.5.1.4.1.2.2.3';

const mpps = { messageId: 7, sopClassUid: MPPS, sopInstanceUid: '1.2.3' };
const commitment = {
	messageId: 7,
	sopClassUid: COMMITMENT,
	sopInstanceUid: COMMITMENT_INSTANCE,
};

/** Element numbers and values in the order that PS3.7 chapters 9.3 and 10.3 list them, typed by hand. */
const REQUESTS: [name: string, command: CommandSet, elements: [number, string | number][]][] = [
	[
		'C-GET-RQ',
		cGetRequest({ messageId: 7, sopClassUid: GET }),
		[
			[0x0002, GET],
			[0x0100, 0x0010],
			[0x0110, 7],
			[0x0700, 0],
			[0x0800, 1],
		],
	],
	[
		'C-CANCEL-RQ',
		cCancelRequest(7),
		[
			[0x0100, 0x0fff],
			[0x0120, 7],
			[0x0800, 0x0101],
		],
	],
	[
		'N-EVENT-REPORT-RQ',
		nEventReportRequest({ ...commitment, eventTypeId: 2 }),
		[
			[0x0002, COMMITMENT],
			[0x0100, 0x0100],
			[0x0110, 7],
			[0x0800, 1],
			[0x1000, COMMITMENT_INSTANCE],
			[0x1002, 2],
		],
	],
	[
		'N-GET-RQ',
		nGetRequest({ ...mpps, attributes: [0x00100020] }),
		[
			[0x0003, MPPS],
			[0x0100, 0x0110],
			[0x0110, 7],
			[0x0800, 0x0101],
			[0x1001, '1.2.3'],
			[0x1005, '(0010,0020)'],
		],
	],
	[
		'N-SET-RQ',
		nSetRequest(mpps),
		[
			[0x0003, MPPS],
			[0x0100, 0x0120],
			[0x0110, 7],
			[0x0800, 1],
			[0x1001, '1.2.3'],
		],
	],
	[
		'N-ACTION-RQ',
		nActionRequest({ ...commitment, actionTypeId: 1 }),
		[
			[0x0003, COMMITMENT],
			[0x0100, 0x0130],
			[0x0110, 7],
			[0x0800, 1],
			[0x1001, COMMITMENT_INSTANCE],
			[0x1008, 1],
		],
	],
	[
		'N-CREATE-RQ',
		nCreateRequest(mpps),
		[
			[0x0002, MPPS],
			[0x0100, 0x0140],
			[0x0110, 7],
			[0x0800, 1],
			[0x1000, '1.2.3'],
		],
	],
	[
		'N-CREATE-RQ that leaves the UID to the SCP',
		nCreateRequest({ messageId: 7, sopClassUid: MPPS, withDataSet: false }),
		[
			[0x0002, MPPS],
			[0x0100, 0x0140],
			[0x0110, 7],
			[0x0800, 0x0101],
		],
	],
	[
		'N-DELETE-RQ',
		nDeleteRequest(mpps),
		[
			[0x0003, MPPS],
			[0x0100, 0x0150],
			[0x0110, 7],
			[0x0800, 0x0101],
			[0x1001, '1.2.3'],
		],
	],
];

/** The elements of an encoded command set, read by a second, simpler reader. */
function elementsOf(bytes: Uint8Array): [number, string | number][] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const elements: [number, string | number][] = [];
	for (let at = 0; at < bytes.length;) {
		expect(view.getUint16(at, true)).toBe(0);
		const element = view.getUint16(at + 2, true);
		const length = view.getUint32(at + 4, true);
		elements.push([element, valueOf(view, element, at + 8, length)]);
		at += 8 + length;
	}
	expect(elements.shift()).toEqual([0, bytes.length - 12]);
	return elements;
}

function valueOf(view: DataView, element: number, at: number, length: number): string | number {
	if (element === 0) return view.getUint32(at, true);
	if (element === 0x1005) {
		const hex = (offset: number) => view.getUint16(offset, true).toString(16).padStart(4, '0');
		return `(${hex(at)},${hex(at + 2)})`;
	}
	const text = [0x0002, 0x0003, 0x1000, 0x1001].includes(element);
	if (!text) return view.getUint16(at, true);
	const codes = new Uint8Array(view.buffer, view.byteOffset + at, length);
	return String.fromCharCode(...codes).replace(/\0$/, '');
}

test.each(REQUESTS)('%s', (_, command, elements) => {
	const bytes = encodeCommandSet(command);
	expect(elementsOf(bytes)).toEqual(elements);
	expect(decodeCommandSet(bytes)).toEqual({ ok: true, commandSet: command });
});

test('every builder writes its elements in the order of the tags, so that nothing is sorted', () => {
	const find = { messageId: 7, sopClassUid: GET };
	const requests = [
		...REQUESTS.map(([, command]) => command),
		cEchoRequest(find),
		cFindRequest(find),
		cMoveRequest({ ...find, destination: 'WS1' }),
		cStoreRequest({ ...mpps, moveOriginator: { aeTitle: 'WS1', messageId: 3 } }),
	];
	const responses = requests.map((request) =>
		responseTo(request, {
			status: 0x0107,
			offendingElements: [0x00100010],
			errorComment: 'x',
			sopInstanceUid: '1.2.4',
			eventTypeId: 1,
			actionTypeId: 1,
		}),
	);
	for (const command of [...requests, ...responses]) {
		const sorted = elementsOf(encodeCommandSet(command)).map(([element]) => element);
		const asWritten = Object.keys(command).map(
			(keyword) =>
				elementsOf(
					encodeCommandSet({ [keyword]: command[keyword as keyof CommandSet] } as never),
				)[0]![0],
		);
		expect(asWritten).toEqual(sorted);
	}
});

test('a response names what the SCP made or replies to', () => {
	const create = nCreateRequest({ messageId: 7, sopClassUid: MPPS });
	expect(responseTo(create, { status: 0, sopInstanceUid: '1.2.99' })).toMatchObject({
		AffectedSOPClassUID: MPPS,
		AffectedSOPInstanceUID: '1.2.99',
		CommandField: 0x8140,
		MessageIDBeingRespondedTo: 7,
	});
	const action = nActionRequest({ ...commitment, actionTypeId: 1 });
	expect(responseTo(action, { status: 0, actionTypeId: 1 })).toEqual({
		AffectedSOPClassUID: COMMITMENT,
		CommandField: 0x8130,
		MessageIDBeingRespondedTo: 7,
		CommandDataSetType: 0x0101,
		Status: 0,
		AffectedSOPInstanceUID: COMMITMENT_INSTANCE,
		ActionTypeID: 1,
	});
	const event = nEventReportRequest({ ...commitment, eventTypeId: 1 });
	expect(responseTo(event, { status: 0, eventTypeId: 1 }).EventTypeID).toBe(1);
	expect(responseTo(event, { status: 0 })).not.toHaveProperty('EventTypeID');
});

test('a refusal names the type or the instance only where PS3.7 annex C has it', () => {
	const action = nActionRequest({ ...commitment, actionTypeId: 7 });
	for (const [status, named] of [
		[0x0123, true],
		[0x0115, true],
		[0x0112, false],
		[0x0211, false],
	] as const) {
		const response = responseTo(action, { status, actionTypeId: 7 });
		expect('ActionTypeID' in response).toBe(named);
		expect(response.AffectedSOPInstanceUID).toBe(COMMITMENT_INSTANCE);
	}
	const event = nEventReportRequest({ ...commitment, eventTypeId: 7 });
	expect(responseTo(event, { status: 0x0113, eventTypeId: 7 }).EventTypeID).toBe(7);
	expect(responseTo(event, { status: 0x0112, eventTypeId: 7 })).not.toHaveProperty('EventTypeID');
	const create = nCreateRequest({ messageId: 7, sopClassUid: MPPS, sopInstanceUid: '1.2.99' });
	for (const [status, named] of [
		[0x0000, true],
		[0x0111, true],
		[0x0116, true],
		[0x0106, false],
		[0x0120, false],
	] as const) {
		expect('AffectedSOPInstanceUID' in responseTo(create, { status })).toBe(named);
	}
});

const PYTHON = '/usr/bin/python3';
const pydicom = spawnSync(PYTHON, ['-c', 'import pydicom']).status === 0;
if (!pydicom) console.warn('skipped: python3 has no pydicom');

const READ = `
import io, json, sys
from pydicom.filereader import read_dataset
for line in sys.stdin:
    data_set = read_dataset(io.BytesIO(bytes.fromhex(line.strip())), True, True)
    print(json.dumps([[int(e.tag), e.keyword, str(e.value)] for e in data_set]))
`;

test.skipIf(!pydicom)('pydicom reads every request as it was meant', () => {
	const input = REQUESTS.map(([, command]) =>
		Buffer.from(encodeCommandSet(command)).toString('hex'),
	);
	const run = spawnSync(PYTHON, ['-c', READ], { input: input.join('\n'), encoding: 'utf8' });
	expect(run.stderr).toBe('');
	const read = run.stdout.trim().split('\n');
	expect(read).toHaveLength(REQUESTS.length);
	for (const [i, [, command, elements]] of REQUESTS.entries()) {
		const [, ...theirs] = JSON.parse(read[i]!) as [number, string, string][];
		expect(theirs.map(([tag]) => tag)).toEqual(elements.map(([element]) => element));
		expect(theirs.map(([, keyword]) => keyword)).toEqual(Object.keys(command));
		const values = elements.map(([element, value]) =>
			element === 0x1005 ? '(0010, 0020)' : String(value),
		);
		expect(theirs.map(([, , value]) => value)).toEqual(values);
	}
});
