/**
 * Wireshark's dissectors read the captures of every DICOM service of the hospital, each used once: nothing
 * is malformed, and what they tell of a service is what happened.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DecodedTour, HOSTS, linesOf, of, type HostId } from '../support/decoded-tour.ts';
import { tshark, tsharkPresent, type Frame } from '../support/tshark.ts';

/** Severity "error" of Wireshark's expert information. */
const ERROR = 0x600000;
/** What Wireshark calls an error, and is none: statuses that end a service, a rejection and an abort. */
const DOCUMENTED = [
	'pacs: C-FIND-RSP (Cancel)',
	'pacs: C-FIND-RSP (Error: Data Set does not match SOP Class, StudyInstanceUID must have one value)',
	'pacs: C-MOVE-RSP (Cancel)',
	'pacs: A-ASSOCIATE reject NOBODY <-- PACS1 (Calling AE title not recognized)',
	'admin: ABORT PACSDESK --> PACS1',
];

const present = tsharkPresent('captures of the DICOM services are');
const testWithTshark = test.skipIf(!present);

let tour: DecodedTour;
beforeAll(() => {
	if (present) tour = new DecodedTour();
}, 120_000);
afterAll(() => {
	if (present) tour.close();
});

const dicom = (service: string, host: HostId): string[] =>
	linesOf(tour.seen(service, host, 'DICOM'));

/** An association from one node to another, with what went on it. */
function association(
	[from, fromTitle]: readonly [string, string],
	[to, toTitle]: readonly [string, string],
	...messages: string[]
): string[] {
	return [
		`${from}: A-ASSOCIATE request ${fromTitle} --> ${toTitle}`,
		`${to}: A-ASSOCIATE accept ${fromTitle} <-- ${toTitle}`,
		...messages,
		`${from}: A-RELEASE request`,
		`${to}: A-RELEASE response`,
	];
}

const DESK = ['admin', 'PACSDESK'] as const;
const ARCHIVE = ['pacs', 'PACS1'] as const;
const SCANNER = ['ct2', 'CT2'] as const;
const RIS = ['ris', 'RISMWL'] as const;

testWithTshark.each(HOSTS)('tshark | capture of all services at %s | decoder', (host) => {
	const all = tour.frames(host);
	expect(all.length).toBeGreaterThan(50);
	expect(all.filter((frame) => of(frame, '_ws.malformed') !== '')).toEqual([]);
	const errors = all.filter((frame) =>
		of(frame, '_ws.expert.severity').split(',').map(Number).includes(ERROR),
	);
	expect(linesOf(errors)).toEqual(host === 'pacs' || host === 'admin' ? DOCUMENTED : []);
	const ipPackets = all.filter((frame) => of(frame, 'ip.checksum.status') !== '');
	// 1 is "good".
	expect(new Set(ipPackets.map((frame) => of(frame, 'ip.checksum.status')))).toEqual(
		new Set(['1']),
	);
	expect(all.filter((frame) => of(frame, 'tcp.analysis.lost_segment') !== '')).toEqual([]);
});

testWithTshark('tshark | capture of C-ECHO | decoder', () => {
	expect(dicom('C-ECHO', 'pacs')).toEqual(
		association(DESK, ARCHIVE, 'admin: C-ECHO-RQ ID=1', 'pacs: C-ECHO-RSP ID=1 (Success)'),
	);
	expect(tour.seen('C-ECHO', 'pacs', 'DICOM').map((frame) => of(frame, 'dicom.pdu.type'))).toEqual([
		...['0x01', '0x02', '0x04', '0x04', '0x05', '0x06'],
	]);
});

testWithTshark.each(['STUDY', 'SERIES', 'IMAGE', 'PATIENT'])(
	'tshark | capture of C-FIND at %s level | decoder',
	(level) => {
		const service = `C-FIND ${level}`;
		expect(dicom(service, 'pacs')).toEqual(
			association(
				DESK,
				ARCHIVE,
				'admin: C-FIND-RQ ID=1, C-FIND-RQ-DATA',
				'pacs: C-FIND-RSP ID=1, C-FIND-RSP-DATA',
				'pacs: C-FIND-RSP ID=1 (Success)',
			),
		);
		const [request] = tour.seen(service, 'pacs', 'DICOM');
		const model =
			level === 'PATIENT' ? '1.2.840.10008.5.1.4.1.2.1.1' : '1.2.840.10008.5.1.4.1.2.2.1';
		expect(of(request, 'dicom.pctx.abss.syntax')).toContain(model);
	},
);

testWithTshark('tshark | capture of C-FIND that is refused | decoder', () => {
	const [, , , answer] = dicom('C-FIND refused', 'pacs');
	expect(answer).toMatch(/^pacs: C-FIND-RSP \(Error: Data Set does not match SOP Class,/);
});

testWithTshark('tshark | capture of C-FIND with C-CANCEL | decoder', () => {
	expect(dicom('C-CANCEL', 'pacs').slice(2, -2)).toEqual([
		'admin: C-FIND-RQ ID=1, C-FIND-RQ-DATA',
		'pacs: C-FIND-RSP ID=1, C-FIND-RSP-DATA',
		'admin: C-CANCEL-RQ ID=1',
		'pacs: C-FIND-RSP (Cancel)',
	]);
});

/** C-STOREs numbered from 1, each with what follows its response. */
function stores(
	[from]: readonly [string, string],
	[to]: readonly [string, string],
	count: number,
	after: (number: number) => string[] = () => [],
): string[] {
	return Array.from({ length: count }, (_, i) => [
		`${from}: C-STORE-RQ ID=${i + 1}`,
		`${from}: CT Image Storage`,
		`${to}: C-STORE-RSP ID=${i + 1} (Success)`,
		...after(i + 1),
	]).flat();
}

/** The pending responses of a retrieve; none after the last image, where the final one follows. */
const pending = (service: string, count: number) => (number: number) =>
	number < count ? [`pacs: ${service}-RSP ID=1 C=${number} R=${count - number}`] : [];

testWithTshark('tshark | capture of C-STORE | decoder', () => {
	expect(dicom('C-STORE', 'admin')).toEqual(
		association(DESK, ARCHIVE, ...stores(DESK, ARCHIVE, 1)),
	);
});

testWithTshark('tshark | capture of C-MOVE | decoder', () => {
	const count = tour.told.order.instances.length;
	const whole = dicom('C-MOVE', 'admin');
	const sub = [
		'pacs: A-ASSOCIATE request PACS1 --> PACSDESK',
		'admin: A-ASSOCIATE accept PACS1 <-- PACSDESK',
		...stores(ARCHIVE, DESK, count, pending('C-MOVE', count)),
		'pacs: A-RELEASE request',
		'admin: A-RELEASE response',
	];
	expect(whole).toEqual(
		association(
			DESK,
			ARCHIVE,
			'admin: C-MOVE-RQ ID=1, C-MOVE-RQ-DATA',
			...sub,
			`pacs: C-MOVE-RSP ID=1 C=${count} (Success)`,
		),
	);
	expect(count).toBeGreaterThan(5);
});

testWithTshark('tshark | capture of C-MOVE with C-CANCEL | decoder', () => {
	const all = dicom('C-MOVE cancelled', 'pacs');
	expect(all).toContain('pacs: C-MOVE-RSP ID=1 C=1 R=39');
	expect(all).toContain('admin: C-CANCEL-RQ ID=1');
	expect(all.filter((line) => line.endsWith('-RSP (Cancel)'))).toEqual([
		'pacs: C-MOVE-RSP (Cancel)',
	]);
	expect(all.filter((line) => line.includes('C-STORE-RQ')).length).toBeLessThan(5);
});

testWithTshark('tshark | capture of C-GET | decoder', () => {
	const count = tour.told.order.instances.length;
	expect(dicom('C-GET', 'admin')).toEqual(
		association(
			DESK,
			ARCHIVE,
			'admin: C-GET-RQ ID=1, C-GET-RQ-DATA',
			...stores(ARCHIVE, DESK, count, pending('C-GET', count)),
			`pacs: C-GET-RSP ID=1 C=${count} (Success)`,
		),
	);
	const [request, accept] = tour.seen('C-GET', 'admin', 'DICOM');
	const scp = (frame: Frame | undefined): string[] =>
		of(frame, 'dicom.userinfo.rolesel.scprole').split(',');
	expect(scp(request)).toEqual(Array(120).fill('0x01'));
	expect(new Set(scp(accept))).toEqual(new Set(['0x01']));
});

testWithTshark('tshark | capture of Modality Worklist | decoder', () => {
	expect(dicom('Modality Worklist', 'ris')).toEqual(
		association(
			SCANNER,
			RIS,
			'ct2: C-FIND-RQ ID=1, C-FIND-RQ-DATA',
			'ris: C-FIND-RSP ID=1, C-FIND-RSP-DATA',
			'ris: C-FIND-RSP ID=1 (Success)',
		),
	);
	const frame = tour.seen('Modality Worklist', 'ris', 'DICOM')[3];
	const values = of(frame, 'dicom.tag.value.str')
		.split(',')
		.map((value) => value.trim());
	expect(values).toContain(tour.told.order.accessionNumber);
	expect(values).toContain('CT2');
});

testWithTshark('tshark | capture of MPPS N-CREATE and N-SET | decoder', () => {
	const all = dicom('examination', 'ris');
	const messages = all.filter((line) => !line.includes(': A-'));
	expect(messages).toEqual([
		'ct2: N-CREATE-RQ ID=1, N-CREATE-RQ-DATA',
		'ris: N-CREATE-RSP ID=1 (Success)',
		'ct2: N-SET-RQ ID=1',
		'ct2: N-SET-RQ-DATA',
		'ris: N-SET-RSP ID=1 (Success)',
	]);
	const sent = tour
		.seen('examination', 'ris', 'DICOM')
		.map((frame) => of(frame, 'dicom.tag.value.str'));
	expect(sent.find((values) => values.includes('IN PROGRESS'))).toBeDefined();
	expect(sent.find((values) => values.includes('COMPLETED'))).toBeDefined();
});

testWithTshark('tshark | capture of an examination that is sent | decoder', () => {
	const count = tour.told.order.instances.length;
	const all = dicom('examination', 'pacs');
	const sent = association(SCANNER, ARCHIVE, ...stores(SCANNER, ARCHIVE, count));
	expect(all.slice(0, sent.length)).toEqual(sent);
});

const COMMITMENT = ['ct2: N-ACTION-RQ ID=1, N-ACTION-RQ-DATA', 'pacs: N-ACTION-RSP ID=1 (Success)'];
const RESULT = [
	'pacs: N-EVENT-REPORT-RQ ID=1, N-EVENT-REPORT-RQ-DATA',
	'ct2: N-EVENT-REPORT-RSP ID=1 (Success)',
];

testWithTshark('tshark | capture of storage commitment on the same association | decoder', () => {
	const expected = association(SCANNER, ARCHIVE, ...COMMITMENT, ...RESULT);
	expect(dicom('examination', 'pacs').slice(-expected.length)).toEqual(expected);
	const streams = tour
		.seen('examination', 'pacs', 'DICOM')
		.slice(-expected.length)
		.map((frame) => of(frame, 'tcp.stream'));
	expect(new Set(streams).size).toBe(1);
});

testWithTshark('tshark | capture of storage commitment on a reverse association | decoder', () => {
	const service = 'commitment on another association';
	expect(dicom(service, 'ct2')).toEqual([
		...association(SCANNER, ARCHIVE, ...COMMITMENT),
		...association(ARCHIVE, SCANNER, ...RESULT),
	]);
	// The archive proposes to be the SCP, and the scanner agrees (PS3.4 J.3.3).
	const roles = tour
		.seen(service, 'ct2', 'DICOM')
		.map((frame) => of(frame, 'dicom.userinfo.rolesel.scprole'))
		.filter((role) => role !== '');
	expect(roles).toEqual(['0x01', '0x01']);
});

testWithTshark('tshark | capture of a rejected association | decoder', () => {
	expect(dicom('rejected association', 'pacs')).toEqual([
		'admin: A-ASSOCIATE request NOBODY --> PACS1',
		'pacs: A-ASSOCIATE reject NOBODY <-- PACS1 (Calling AE title not recognized)',
	]);
	const rejection = tour.seen('rejected association', 'pacs', 'DICOM')[1];
	const parts = ['result', 'source', 'reason'].map((part) => `dicom.assoc.reject.${part}`);
	expect(parts.map((part) => of(rejection, part))).toEqual(['1', '1', '3']);
});

testWithTshark('tshark | capture of an aborted association | decoder', () => {
	expect(dicom('aborted association', 'pacs')).toEqual([
		'admin: A-ASSOCIATE request PACSDESK --> PACS1',
		'pacs: A-ASSOCIATE accept PACSDESK <-- PACS1',
		'admin: ABORT PACSDESK --> PACS1',
	]);
	const abort = tour.seen('aborted association', 'pacs', 'DICOM')[2];
	expect([of(abort, 'dicom.pdu.type'), of(abort, 'dicom.assoc.abort.source')]).toEqual([
		...['0x07', '0'],
	]);
});

/** The objects that Wireshark takes out of a capture, by the UID in the name of the file. */
function exported(path: string): Map<string, Uint8Array> {
	const target = `${path}.objects`;
	tshark(path, '-q', '--export-objects', `dicom,${target}`);
	return new Map(
		readdirSync(target).map((name) => {
			const file = new Uint8Array(readFileSync(join(target, name)));
			const read = readPart10(file);
			if (!read.ok) throw new Error(read.error.message);
			return [
				read.dataSet.text('SOPInstanceUID') ?? '',
				file.subarray(read.dataSetOffset),
			] as const;
		}),
	);
}

testWithTshark.each([
	['C-STORE', 'admin', 1],
	['examination', 'ct2', 10],
	['C-MOVE', 'admin', 10],
	['C-GET', 'pacs', 10],
] as const)(
	'tshark | DICOM objects exported from the capture of %s | decoder',
	(service, host, count) => {
		const objects = exported(tour.capture(host, service));
		expect(objects.size).toBe(count);
		for (const [uid, bytes] of objects) {
			expect(bytes).toEqual(tour.told.archive.store.instance(uid)?.bytes);
		}
	},
);
