import { readFileSync } from 'node:fs';
import { formatProblem } from '#lib/authored/yaml-source.ts';
import { expect, test } from 'vitest';
import { loadContent } from './content.ts';

const HOSPITAL = {
	path: 'scenarios/hospitals/community.yaml',
	text: readFileSync('scenarios/hospitals/community.yaml', 'utf8'),
};
const PATH = 'scenarios/labs/assoc-calling-aet-not-registered.yaml';
const LAB = readFileSync(PATH, 'utf8');

/** The scenario with a piece of its text replaced. */
function changed(from: string | RegExp, to: string): string {
	const text = LAB.replace(from, to);
	if (text === LAB) throw new Error(`"${String(from)}" is not in the file`);
	return text;
}

function problemsOf(text: string): string[] {
	const { content, problems } = loadContent([HOSPITAL, { path: PATH, text }]);
	if (problems.length > 0) expect(content.scenarios.size).toBe(0);
	return problems.map(formatProblem);
}

/** `path:line:column` of a piece of text. */
function placeOf(text: string, piece: string): string {
	const before = text.slice(0, text.indexOf(piece)).split('\n');
	return `${PATH}:${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

test('the content of the repository has no problems', () => {
	const { content, problems } = loadContent([HOSPITAL, { path: PATH, text: LAB }]);
	expect(problems).toEqual([]);
	expect([...content.hospitals.keys()]).toEqual(['community']);
	const scenario = content.scenarios.get('assoc-calling-aet-not-registered');
	expect(scenario?.hospital).toBe(content.hospitals.get('community'));
});

test('files elsewhere are not content', () => {
	const { content, problems } = loadContent([{ path: 'scenarios/notes.yaml', text: ': [' }]);
	expect(problems).toEqual([]);
	expect(content.scenarios.size + content.hospitals.size).toBe(0);
});

const MISTAKES: [what: string, text: string, at: string, words: string | RegExp][] = [
	['bad YAML', changed('level: 1', 'level: [1'), 'minutes: 12', /.{10}/],
	['unknown key', changed('level: 1', 'levle: 1\nlevel: 1'), '# yaml', '"levle"'],
	['missing key', changed('level: 1\n', ''), '# yaml', 'level'],
	['wrong type', changed('level: 1', 'level: easy'), 'easy', 'level: '],
	['no date', changed('2026-03-09T07:40', '9 March'), '9 March', 'write 2026-03-09T07:40'],
	['no duration', changed('warmUp: 2h', 'warmUp: long'), 'long', 'write 90s, 10m, 1h or -00:40'],
	['bad id', changed('id: f1,', 'id: F 1,'), 'F 1', 'use lower-case letters'],
	[
		'unknown fault kind',
		changed('kind: calling-ae-not-registered', 'kind: gremlins'),
		'gremlins',
		/one of .*"calling-ae-not-registered"/,
	],
	[
		'unknown check kind',
		changed('kind: ticket-closed', 'kind: all-is-well'),
		'all-is-well',
		/one of .*"ticket-closed"/,
	],
	[
		'parameter of a wrong type',
		changed('archive: pacs, aeTitle: CT2', 'archive: pacs, aeTitle: 7'),
		'7 }',
		'calling-ae-not-registered.aeTitle: ',
	],
	[
		'unknown parameter',
		changed('archive: pacs, aeTitle: CT2', 'archive: pacs, aeTitle: CT2, colour: red'),
		'{ id: f1',
		'calling-ae-not-registered: Unrecognized key: "colour"',
	],
	[
		'unknown device',
		changed('archive: pacs, ae', 'archive: vna, ae'),
		'{ id: f1',
		/"vna".*\bpacs\b/,
	],
	[
		'unknown device in an action',
		changed('device: ct2 }', 'device: ct7 }'),
		'ct7',
		/"ct7".*\bct2\b/,
	],
	['unknown host', changed('place: pacs', 'place: moon'), 'moon', /"moon".*\bpacs\b/],
	['unknown person', changed('from: ed-tech', 'from: boss'), 'boss', /"boss".*\bed-tech\b/],
	[
		'unknown person in a call',
		changed(/person: ed-tech, topic: r/, 'person: it, topic: r'),
		'it, topic',
		'"it"',
	],
	[
		'unknown person with topics',
		changed('\n  ct-tech:', '\n  ct-boss:'),
		'\n      - asks: who-else\n        says: Every',
		'"ct-boss"',
	],
	[
		'unknown person in a check',
		changed('people: [ed-tech, ed-physician]', 'people: [ed-tech, chief]'),
		'{ id: informed',
		'"chief"',
	],
	[
		'unknown fault in a check',
		changed('fault: f1', 'fault: f2'),
		'{ id: cause-removed',
		/"f2".*\bf1\b/,
	],
	[
		'a check of something that sends nothing',
		changed('study-arrives, from: ct2', 'study-arrives, from: dns1'),
		'{ id: sends-again',
		/"dns1".*\bct2\b/,
	],
	[
		'unknown hospital',
		changed('hospital: community', 'hospital: seaside'),
		'seaside',
		/"seaside".*community/,
	],
	[
		'unknown mechanism',
		changed('mechanism: calling-ae-unknown', 'mechanism: gremlins'),
		'gremlins',
		/"gremlins".*calling-ae-unknown/,
	],
	[
		'wrong repair that fails at nothing known',
		changed('fails: [cause-removed, safety]', 'fails: [cause-removed, luck]'),
		'luck',
		/"luck".*\bsafety\b/,
	],
	[
		'the same id twice',
		changed('id: retested', 'id: drained'),
		'drained, kind: retested',
		'choose a new one',
	],
];

test.each(MISTAKES)('%s: told with its place and what to do', (_what, text, at, words) => {
	const problems = problemsOf(text);
	expect(problems.length).toBeGreaterThan(0);
	const [place, ...message] = (problems[0] ?? '').split(' ');
	expect(message.join(' ')).toMatch(words);
	const leading = at.length - at.trimStart().length;
	const expected = placeOf(text, at.trimStart());
	// A key that is missing or too much is shown at the row it belongs to.
	if (at !== '# yaml' && leading === 0) expect(place).toBe(expected);
	expect(place).toMatch(/:\d+:\d+$/);
});

test('an id can be used by one file only', () => {
	const other = 'scenarios/labs/b-copy.yaml';
	const { content, problems } = loadContent([
		{ path: other, text: LAB },
		{ path: PATH, text: LAB },
		HOSPITAL,
	]);
	expect(problems.map(formatProblem)).toEqual([
		`${other}:1:1 the id "assoc-calling-aet-not-registered" is taken by another file; choose a new one`,
	]);
	expect(content.scenarios.size).toBe(1);
});

test('a file with mistakes does not take the others with it', () => {
	const { content, problems } = loadContent([
		{ path: 'scenarios/labs/z.yaml', text: 'schema: 1' },
		{ path: 'scenarios/hospitals/z.yaml', text: 'schema: 1' },
		{ path: PATH, text: LAB },
		HOSPITAL,
	]);
	expect(new Set(problems.map(({ path }) => path))).toEqual(
		new Set(['scenarios/labs/z.yaml', 'scenarios/hospitals/z.yaml']),
	);
	expect([...content.scenarios.keys()]).toEqual(['assoc-calling-aet-not-registered']);
});

test('variables are filled in before parameters are checked', () => {
	const named = changed('archive: pacs, aeTitle: CT2', 'archive: "${where}", aeTitle: CT2');
	const vars = (pick: string): string =>
		named.replace('level: 1', `level: 1\nvars: { where: { pick: [${pick}] } }`);
	expect(problemsOf(vars('pacs'))).toEqual([]);
	expect(problemsOf(vars('moon')).join()).toContain('"moon"');
	expect(problemsOf(vars('pacs, moon'))).toHaveLength(1);
	expect(problemsOf(named).join()).toContain('calling-ae-not-registered.archive: ');
});
