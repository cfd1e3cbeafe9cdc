import type { ExhibitFacts } from '#lib/exam/item/exhibit.ts';
import { expect, test } from 'vitest';
import { communityHospital } from '../../../../tests/simulation/community-world.ts';
import { makerFor } from '../maker.fixture.ts';
import { EXCHANGE_CASES } from './cases.ts';

const { lines } = makerFor(communityHospital());

const SEEDS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** What each case is about, by the standard. */
const EXPECTED: Record<string, ExhibitFacts> = {
	accepted: { contextResult: 0, status: '0000' },
	'store-ok': { contextResult: 0, status: '0000', service: 'C-STORE' },
	'echo-ok': { contextResult: 0, status: '0000', service: 'C-ECHO', stored: 0 },
	'find-ok': { contextResult: 0, status: '0000', service: 'C-FIND', stored: 0 },
	'calling-rejected': { result: 1, source: 1, reason: 3, stored: 0 },
	'called-rejected': { result: 1, source: 1, reason: 7, stored: 0 },
	'application-context-rejected': { result: 1, source: 1, reason: 2, stored: 0 },
	congestion: { result: 2, source: 3, reason: 1, stored: 0 },
	limit: { result: 2, source: 3, reason: 2, stored: 0 },
	'aborted-by-user': { source: 0, contextResult: 0 },
	'aborted-by-provider': { source: 2, contextResult: 0 },
	'abstract-syntax-refused': { contextResult: 3, stored: 0 },
	'transfer-syntaxes-refused': { contextResult: 4, stored: 0 },
	'store-out-of-resources': { status: 'A700', service: 'C-STORE' },
	'store-dataset-mismatch': { status: 'A900', service: 'C-STORE' },
	'store-cannot-understand': { status: 'C000', service: 'C-STORE' },
	'move-destination-unknown': { status: 'A801', service: 'C-MOVE', stored: 0 },
	'idle-cut': { contextResult: 0, stored: 1 },
	'syn-timeout': { stored: 0 },
	'connection-refused': { stored: 0 },
};

test('every case is tested', () => {
	expect(Object.keys(EXPECTED).sort()).toEqual(Object.keys(EXCHANGE_CASES).sort());
});

const HEARD = Object.keys(EXPECTED).filter((id) => !EXCHANGE_CASES[id]?.unheard);

test.each(Object.keys(EXPECTED))('%s ends as the standard says, for every seed', (id) => {
	for (const seed of SEEDS) {
		expect(lines('capture', { case: id }, seed).facts).toMatchObject(EXPECTED[id] ?? {});
	}
});

test.each(HEARD)('the log of %s says what its facts say', (id) => {
	for (const seed of SEEDS) {
		const { text, facts } = lines('association-log', { case: id }, seed);
		expect(facts).toMatchObject(EXPECTED[id] ?? {});
		expect(text).toContain(
			`<- A-ASSOCIATE-RQ calling=${facts['calling']} called=${facts['called']}`,
		);
		expect(text).toContain(`association from ${facts['peer']} calling=`);
		expect(text).toContain(`max PDU ${facts['maxPdu']},`);
		expect(text).toContain(
			`context ${facts['contextId']}: ${facts['sopClass']} [${facts['sopClassUid']}]`,
		);
		expect(text).toContain(`${facts['transferSyntax']} [${facts['transferSyntaxUid']}]`);
		const { result, source, reason, status } = facts;
		if (result !== undefined) {
			expect(text).toContain(
				`-> A-ASSOCIATE-RJ result=${result} source=${source} reason=${reason}`,
			);
		} else expect(text).toContain('-> A-ASSOCIATE-AC');
		if (result === undefined && source !== undefined) {
			expect(text).toContain(`A-ABORT source=${source} reason=${reason}`);
		}
		if (status !== undefined) expect(text).toContain(`status=${status}`);
		expect(text.match(/C-STORE-RSP .* status=0000/g)?.length ?? 0).toBe(facts['stored']);
		const times = text.split('\n').map((line) => line.slice(0, 23));
		expect(times).toEqual([...times].sort());
	}
});

test.each(Object.keys(EXPECTED))('the capture of %s says what its facts say', (id) => {
	for (const seed of SEEDS) {
		const { text, facts } = lines('capture', { case: id }, seed);
		const rows = text.split('\n').slice(1);
		expect(rows.length).toBe(facts['packets']);
		expect(rows.filter((row) => row.includes('[SYN] ')).length).toBe(facts['synCount']);
		expect(rows[0]).toMatch(
			new RegExp(`^ *1 +0\\.000000 +${facts['client']} +${facts['server']} +TCP`),
		);
		expect(rows[0]).toContain(`→ ${facts['port']} [SYN]`);
		expect(text.match(/C-STORE-RSP ID=\d+, status 0000/g)?.length ?? 0).toBe(facts['stored']);
		if (facts['status'] !== undefined) expect(text).toContain(`status ${facts['status']}`);
		if (facts['calling'] !== undefined) {
			expect(text).toContain(`A-ASSOCIATE request ${facts['calling']} --> ${facts['called']}`);
		}
		const closing = rows.find((row) => /\[(FIN|RST)/.test(row));
		const closer = closing?.includes(`${facts['client']}  ${facts['server']}`)
			? 'client'
			: 'server';
		if (closing) expect(facts['closedBy']).toBe(closer);
	}
});

test('what nobody answers is told apart: silence, refusal, and a cut', () => {
	for (const seed of SEEDS) {
		const silent = lines('capture', { case: 'syn-timeout' }, seed);
		expect(silent.facts['synCount']).toBe(silent.facts['packets']);
		expect(silent.facts['synCount']).toBeGreaterThan(3);
		expect(silent.facts).not.toHaveProperty('closedBy');
		expect(silent.text).toContain('[TCP Retransmission]');
		const refused = lines('capture', { case: 'connection-refused' }, seed);
		expect(refused.facts).toMatchObject({ packets: 2, closedBy: 'server' });
		expect(refused.text).toContain('[RST, ACK]');
		const cut = lines('capture', { case: 'idle-cut' }, seed);
		expect(cut.facts['closedBy']).toBe('firewall');
		expect(cut.text).not.toMatch(/FIN|RST|A-RELEASE/);
		expect(lines('association-log', { case: 'idle-cut' }, seed).text).toContain('idle for 300 s');
	}
});

test('who retrieves is a reading station that asks for delivery to itself', () => {
	for (const seed of SEEDS) {
		const { facts } = lines('association-log', { case: 'move-destination-unknown' }, seed);
		expect(facts['destination']).toBe(facts['calling']);
		expect(facts['calling']).not.toMatch(/^(CT|DX)/);
	}
});

test('a log without words tells by its numbers alone', () => {
	const of = (id: string): string => lines('association-log', { case: id, words: false }).text;
	expect(of('limit')).toContain('A-ASSOCIATE-RJ result=2 source=3 reason=2');
	expect(of('limit')).not.toMatch(/limit|WARN|rejected/);
	expect(of('store-out-of-resources')).toContain('status=A700');
	expect(of('store-out-of-resources')).not.toMatch(/space|comment|ERROR/);
});

test('titles are wrong in the case that is about titles only', () => {
	for (const seed of SEEDS) {
		const right = lines('association-log', { case: 'calling-rejected' }, seed).facts;
		const wrong = lines('association-log', { case: 'called-rejected' }, seed).facts;
		expect(wrong['calling']).toBe(right['calling']);
		expect(wrong['called']).not.toBe(right['called']);
	}
});

test('the log and the capture of one seed are the same exchange', () => {
	for (const id of HEARD) {
		const log = lines('association-log', { case: id }).facts;
		const capture = lines('capture', { case: id }).facts;
		for (const fact of ['calling', 'called', 'port', 'contextId', 'status', 'stored', 'maxPdu']) {
			expect(capture[fact], `${id} ${fact}`).toBe(log[fact]);
		}
	}
});

test('the caller tells its own side', () => {
	const own = (id: string): string => lines('association-log', { case: id, side: 'caller' }).text;
	expect(own('syn-timeout')).toContain('ERROR connection timed out');
	expect(own('connection-refused')).toContain('ERROR connection refused');
	expect(own('calling-rejected')).toContain(
		'ERROR association rejected (result 1, source 1, reason 3)',
	);
	expect(own('calling-rejected')).toContain('<- A-ASSOCIATE-RJ result=1 source=1 reason=3');
	expect(own('store-out-of-resources')).toContain('ERROR C-STORE failed, status A700');
});

test('a provider aborts for different faults', () => {
	const reasons = new Set(
		Array.from(
			{ length: 24 },
			(_, i) => lines('capture', { case: 'aborted-by-provider' }, `s${i}`).facts['reason'],
		),
	);
	expect([...reasons].sort()).toEqual([1, 2, 6]);
});
