import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadHospital } from './load-hospital.ts';
import { formatProblem } from '#lib/authored/yaml-source.ts';

const TEXT = readFileSync('scenarios/hospitals/community.yaml', 'utf8');

/** The problems after one part of the file is replaced, and where that part is. */
function broken(part: string, replacement: string): { problems: string[]; line: number } {
	const at = TEXT.indexOf(part);
	if (at < 0) throw new Error(`the file has no ${part}`);
	const loaded = loadHospital('h.yaml', TEXT.replace(part, replacement));
	if (!('problems' in loaded)) throw new Error('no problem was found');
	const line = TEXT.slice(0, at).split('\n').length;
	return { problems: loaded.problems.map(formatProblem), line };
}

test('the community hospital loads', () => {
	const loaded = loadHospital('community.yaml', TEXT);
	if ('problems' in loaded) throw new Error(loaded.problems.map(formatProblem).join('\n'));
	expect(loaded.hospital.devices.map((device) => device.id)).toContain('pacs');
});

test.each([
	['desk: admin', 'desk: cellar', 7, 'there is no host "cellar"; choose one of: ct1, '],
	['network: modalities', 'network: mars', 0, 'there is no network "mars"'],
	['kind: archive', 'kind: arkive', 11, 'there is no device kind "arkive"'],
	['operator: ed-tech', 'operator: nobody', 15, 'there is no person "nobody"'],
	['procedures: [dx-chest]', 'procedures: [dx-foot]', 20, 'there is no procedure "dx-foot"'],
	['every: 12m', 'every: often', 14, '"often" is no duration; write 90s, 10m'],
	['address: 10.20.10.11', 'address: 10.20.10.300', 0, 'Invalid IPv4 address'],
	['aeTitle: CT1\n', 'aeTitle: A_TITLE_OF_TWENTYONE\n', 0, 'aeTitle: '],
	['minutesAway: 4', 'minutesAhead: 4', 0, 'Unrecognized key: "minutesAhead"'],
])('%s as %s is found where it stands', (part, replacement, column, message) => {
	const { problems, line } = broken(part, replacement);
	expect(problems).toHaveLength(1);
	const [problem = ''] = problems;
	expect(problem).toContain(message);
	const [, foundLine, foundColumn] = /^h\.yaml:(\d+):(\d+) /.exec(problem) ?? [];
	if (message.startsWith('Unrecognized')) {
		// An unknown key has no value of its own: the thing that has it is named.
		expect(Number(foundLine)).toBeLessThan(line);
	} else expect(Number(foundLine)).toBe(line);
	if (column > 0) expect(Number(foundColumn)).toBe(column);
});

test('all problems of a file are told at once', () => {
	const text = TEXT.replace('desk: admin', 'desk: cellar').replace('kind: ris', 'kind: rris');
	const loaded = loadHospital('h.yaml', text);
	expect('problems' in loaded && loaded.problems.length).toBe(2);
});

test.each([
	['schema: 1\nid: [', 'h.yaml:'],
	['schema: 1\nschema: 1\n', 'h.yaml:2:1 Map keys must be unique'],
	['', 'h.yaml:1:1 file: '],
	['just words', 'h.yaml:1:1 file: '],
])('%j is refused without an exception', (text, start) => {
	const loaded = loadHospital('h.yaml', text);
	if (!('problems' in loaded)) throw new Error('no problem was found');
	expect(formatProblem(loaded.problems[0] as (typeof loaded.problems)[0])).toContain(start);
});
