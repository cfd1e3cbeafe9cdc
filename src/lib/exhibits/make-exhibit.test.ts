import { PlainDataDigest } from '#lib/kernel/plain-data-digest.ts';
import type { FactValue } from '#lib/exam/item/exhibit.ts';
import { expect, test } from 'vitest';
import { EXCHANGE_CASES } from './exchange/cases.ts';
import { MESSAGES } from './hl7/make-message.ts';
import { communityHospital } from '../../../tests/simulation/community-world.ts';
import { makerFor } from './maker.fixture.ts';

const { made, makeExhibit } = makerFor(communityHospital());

/** An exhibit of each kind, and the digest it has for ever. */
const VECTORS: [string, Record<string, unknown>, string][] = [
	['association-log', { case: 'store-out-of-resources' }, '7e10eb8dae490b3e'],
	['capture', { case: 'aborted-by-provider' }, '87054560e04623c5'],
	['command', { run: 'date' }, '0935e121a5a13718'],
	['dicom-dump', { object: 'ct' }, '1b269e24e70f22c0'],
	['dicom-tree', { object: 'dx' }, 'e5fa6d70bb078afe'],
	['find-response', { service: 'worklist' }, '3794b2348f6297d6'],
	['find-response', { service: 'study' }, 'f91df79c28322297'],
	['hl7', { message: 'OMI^O23' }, '9e10de4167977f61'],
	['hl7-tree', { message: 'ORU^R01' }, 'e61acd56a5f9cea4'],
	['image', { phantom: 'ct-head' }, '516e793ecb3b6cda'],
	['table', { columns: ['a'], rows: [['1'], [2]] }, '63a02716722ea1c6'],
	['text', { text: 'one\ntwo' }, 'd851f5a22c0a1ebd'],
	['topology', {}, '773ae00a1cce508e'],
];

function digestOf(value: unknown): string {
	const digest = new PlainDataDigest();
	digest.add(value);
	return digest.finish().slice(0, 16);
}

test.each(VECTORS)('%s %j is the same for ever', (kind, parameters, digest) => {
	expect(digestOf(made(kind, parameters, 'vector'))).toBe(digest);
	expect(digestOf(made(kind, parameters, 'vector'))).toBe(digest);
});

const SEEDED = VECTORS.filter(([kind]) => !['text', 'table', 'topology'].includes(kind));

test.each(SEEDED)('%s %j differs from seed to seed', (kind, parameters) => {
	const digests = new Set(
		Array.from({ length: 4 }, (_, i) => digestOf(made(kind, parameters, `seed ${i}`))),
	);
	expect(digests.size).toBeGreaterThan(1);
});

const EVERYTHING: [string, Record<string, unknown>][] = [
	...VECTORS.map(([kind, parameters]): [string, Record<string, unknown>] => [kind, parameters]),
	...Object.entries(EXCHANGE_CASES).flatMap(([id, { unheard }]) => [
		['capture', { case: id }] as [string, Record<string, unknown>],
		['association-log', { case: id, side: 'caller' }] as [string, Record<string, unknown>],
		...(unheard ? [] : [['association-log', { case: id }] as [string, Record<string, unknown>]]),
	]),
	...MESSAGES.map((message): [string, Record<string, unknown>] => ['hl7', { message }]),
];

function* numbersIn(value: FactValue): Generator<number> {
	if (Array.isArray(value)) for (const one of value) yield* numbersIn(one);
	else if (typeof value === 'number') yield value;
}

test('every kind and case can be made for any seed, shows something, and no fact is not-a-number', () => {
	for (const [kind, parameters] of EVERYTHING) {
		for (const seed of ['1', '2', '3']) {
			const { content, facts } = made(kind, parameters, seed);
			const shown = JSON.stringify(content);
			expect(shown.length, kind).toBeGreaterThan(20);
			expect(shown, `${kind} ${JSON.stringify(parameters)}`).not.toMatch(/NaN|undefined|\[object/);
			for (const fact of Object.values(facts)) {
				expect(fact).toBeDefined();
				for (const number of numbersIn(fact)) expect(Number.isFinite(number)).toBe(true);
			}
		}
	}
});

test.each([
	['nothing', {}, /no exhibit kind "nothing"; choose one of: association-log, /],
	['association-log', { case: 'none' }, /^association-log: case: /],
	['association-log', { case: 'syn-timeout' }, /side: .*write "side: caller"/],
	['capture', {}, /^capture: case: /],
	['capture', { case: 'limit', side: 'caller' }, /side/],
	['command', { run: '' }, /run: /],
	['command', { run: 'date', at: 61 }, /at: /],
	['command', { run: 'date', fault: { kind: 'moon' } }, /no fault "moon"; choose one of: /],
	['command', { run: 'date', fault: { kind: 'link-down' } }, /fault\.host: /],
	['command', { run: 'date', fault: { kind: 'link-down', host: 'x1' } }, /no host or device "x1"/],
	['dicom-dump', { object: 'mr' }, /object: /],
	['dicom-dump', { object: 'ct', tags: ['Nonsense'] }, /no attribute has the keyword "Nonsense"/],
	['dicom-dump', { object: 'ct', tags: ['patient name'] }, /tags\.0: write a keyword/],
	['dicom-dump', { object: 'ct', tags: ['ViewPosition'] }, /has no ViewPosition: give it a value/],
	['dicom-dump', { object: 'ct', set: { Rows: 'many' } }, /\(0028,0010\)/],
	['dicom-dump', { object: 'ct', set: { TransferSyntaxUID: '1.2' } }, /cannot be changed/],
	['dicom-dump', { object: 'ct', set: { SpecificCharacterSet: '' } }, /cannot be changed/],
	['dicom-tree', { object: 'dx', remove: ['ViewCodeSequence'] }, /is a sequence/],
	['find-response', { service: 'movies' }, /service: /],
	['find-response', { service: 'study', rows: 99 }, /rows: /],
	['hl7', { message: 'ADT^A99' }, /message: /],
	['hl7', { message: 'ADT^A01', set: { PID3: 'x' } }, /set\.PID3: .*expected/],
	['hl7', { message: 'ADT^A01', set: { 'OBX-5': 'x' } }, /OBX-5: the message has no such segment/],
	['hl7', { message: 'ADT^A01', remove: ['OBX'] }, /no segment OBX/],
	['hl7-tree', { message: 'ADT^A01', remove: ['MSH'] }, /no segment MSH/],
	['image', { phantom: 'ct-head', width: 0 }, /width: /],
	['table', { columns: ['a', 'b'], rows: [['1']] }, /rows\.0: the row has 1 cells; give it 2/],
	['text', {}, /text: /],
	['topology', { labels: 'colours' }, /labels: /],
])('%s with %j is a problem that says what to do', (kind, parameters, problem) => {
	const exhibit = makeExhibit(kind, parameters, 'test');
	if (!('problem' in exhibit)) throw new Error('no problem');
	expect(exhibit.problem).toMatch(problem);
});
