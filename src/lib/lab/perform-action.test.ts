import { seconds } from '#lib/kernel/time.ts';
import { expect, test } from 'vitest';
import { readContent } from '../../../scripts/read-content.ts';
import type { Action } from './action.ts';
import type { Observation } from './observation.ts';
import { arrive, withScenario, withShortWarmUp } from './play.fixture.ts';

const CALLING = 'assoc-calling-aet-not-registered';
const content = withShortWarmUp(readContent(), CALLING);

const look = (device: string): Action => ({ kind: 'look', device });

/** How long each action took, in seconds. */
function secondsOf(actions: Action[]): number[] {
	const attempt = arrive(content, CALLING);
	return actions.map((action) => {
		const { observation } = attempt.perform(action);
		return (observation.endedUs - observation.startedUs) / seconds(1);
	});
}

function textsOf(actions: Action[]): Pick<Observation, 'outcome' | 'place' | 'text'>[] {
	const attempt = arrive(content, CALLING);
	return actions.map((action) => {
		const { outcome, place, text } = attempt.perform(action).observation;
		return { outcome, place, text };
	});
}

test('going somewhere takes time once, and coming back too', () => {
	// CT 2 is 5 minutes away, CT 1 is 4; the way leads past the desk. Reading the screen takes 30 s.
	expect(secondsOf([look('ct2'), look('ct2'), look('ct1'), look('pacs')])).toEqual([
		5 * 60 + 30,
		30,
		9 * 60 + 30,
		4 * 60 + 15,
	]);
	// The firewall's owner is asked on the phone, from the desk.
	expect(secondsOf([look('fw1'), look('ct2'), look('fw1')])).toEqual([180, 330, 300 + 180]);
});

test('calls and commands are made from the desk, notes and hints take no time', () => {
	const call: Action = { kind: 'call', person: 'ed-tech', topic: 'who-else' };
	const command: Action = { kind: 'command', place: 'admin', line: 'hostname' };
	expect(secondsOf([call, look('ct2'), call, command, look('ct2'), command])).toEqual([
		120,
		330,
		300 + 120,
		4,
		330,
		300 + 4,
	]);
	expect(
		secondsOf([
			{ kind: 'note', text: 'Looks like a rejection.', standing: 'suspected' },
			{ kind: 'hint' },
			{ kind: 'inform', person: 'ed-tech', text: 'On it.' },
			{ kind: 'diagnose', component: 'pacs', mechanism: 'volume-full', confidence: 10 },
			{ kind: 'wait', seconds: 75 },
		]),
	).toEqual([0, 0, 60, 30, 75]);
});

test('the screen says how one got there', () => {
	const texts = textsOf([look('ct2'), look('ct2'), look('fw1'), look('pacs')]);
	expect(texts.map(({ text }) => text)).toEqual([
		'(Walked to CT 2, 5 min 30 s.)\nLooked at CT 2.',
		'Looked at CT 2.',
		'(Asked Firewall, 8 min.)\nLooked at Firewall.',
		'Looked at Archive.',
	]);
});

test('what cannot be done is refused in words', () => {
	const refusals: [Action, string][] = [
		[{ kind: 'call', person: 'nobody', topic: 'who-else' }, 'nobody called "nobody"'],
		[
			{ kind: 'call', person: 'ed-physician', topic: 'read-screen' },
			'Dr. Owen Tarn cannot be asked',
		],
		[{ kind: 'inform', person: 'nobody', text: 'Hello.' }, 'nobody called "nobody"'],
		[look('mri7'), 'no device "mri7"'],
		[{ kind: 'command', place: 'ct2', line: 'ls' }, 'no shell on ct2'],
		[{ kind: 'command', place: 'mars', line: 'ls' }, 'no shell on mars'],
		[
			{ kind: 'operate', device: 'pacs', operation: 'explode', fields: {} },
			'Archive has no operation "explode"',
		],
		[
			{ kind: 'operate', device: 'pacs', operation: 'remove-node', fields: {} },
			'Choose a row first',
		],
		[
			{ kind: 'operate', device: 'pacs', operation: 'run-purge', fields: { speed: 9 } },
			'has no field "speed"',
		],
		[
			{ kind: 'configure', device: 'pacs', setting: 'colour', value: 'red' },
			'Archive has no setting "colour"',
		],
		[
			{ kind: 'configure', device: 'pacs', setting: 'accept-unknown-callers', value: 'yes' },
			'is either on or off',
		],
	];
	const texts = textsOf(refusals.map(([action]) => action));
	for (const [i, [, words]] of refusals.entries()) {
		expect(texts[i]).toEqual({
			outcome: 'refused',
			place: expect.any(String) as string,
			text: expect.stringContaining(words) as string,
		});
	}
});

test('people tell what the scenario lets them know, and otherwise that they do not know', () => {
	const texts = textsOf([
		{ kind: 'call', person: 'ct-tech', topic: 'who-else' },
		{ kind: 'call', person: 'radiologist', topic: 'what-changed' },
		{ kind: 'call', person: 'ed-physician', topic: 'how-urgent' },
		{ kind: 'call', person: 'ed-tech', topic: 'verify-worklist' },
		{ kind: 'inform', person: 'ed-tech', text: 'We are on it.' },
	]);
	expect(texts.map(({ text }) => text)).toEqual([
		'Everything is fine here on CT 1.',
		'Not that I know of.',
		expect.stringMatching(/^I have a patient with a head injury/),
		expect.stringMatching(/^I pressed “.*”\. It says: .*\nPASSED/),
		'Tomas Quill has been told.',
	]);
});

test('hints come one after the other until there are no more', () => {
	const attempt = arrive(content, CALLING);
	const { hints } = attempt.scenario;
	const given = [...hints, ''].map(() => attempt.perform({ kind: 'hint' }).observation);
	expect(given.slice(0, -1).map(({ text }) => text)).toEqual(hints);
	expect(given.at(-1)).toMatchObject({ outcome: 'refused', text: 'There are no more hints.' });
	expect(attempt.view().hints).toEqual({ taken: hints, left: 0, costPercentNext: 20 });
});

test('a capture file lies on the host it was written on and can be read', () => {
	const attempt = arrive(content, CALLING, 'test', { capture: true });
	const line = 'timeout 30 tcpdump -i any -w ct2.pcapng port 104';
	const { observation } = attempt.perform({ kind: 'command', place: 'admin', line });
	expect(observation.files).toEqual([
		{ path: '/home/you/ct2.pcapng', sizeBytes: expect.any(Number) as number },
	]);
	const bytes = attempt.readFile('/home/you/ct2.pcapng');
	expect(bytes?.length).toBe(observation.files?.[0]?.sizeBytes);
	// The section header block of a pcapng file.
	expect([...(bytes ?? []).slice(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a]);
	expect(attempt.view().files.map(({ path }) => path)).toContain('/home/you/ct2.pcapng');
	expect(attempt.readFile('/home/you/nothing')).toBeUndefined();
	const again = attempt.perform({ kind: 'command', place: 'admin', line: 'ls' });
	expect(again.observation.files).toBeUndefined();
});

test('a console that was looked at comes as it is now, with facts for the machine', () => {
	const attempt = arrive(readContent(), CALLING);
	const { observation, facts } = attempt.perform(look('ct2'));
	expect(observation.console?.title).toBe('CT 2');
	expect(facts).toContain('look ct2 Send queue: bad');
	const told = attempt.perform({ kind: 'call', person: 'ed-tech', topic: 'read-screen' });
	expect(told.observation.console).toBeUndefined();
	expect(told.facts).toContain('told ct2 Send queue: bad');
	expect(facts.join()).not.toMatch(/\d{2}:\d{2}/);
});

test('answers of a scenario with variables have them filled in', () => {
	const varied = withScenario(content, CALLING, () => ({
		vars: { day: { pick: ['Friday'] } },
		people: { radiologist: { waiting: false, topics: [{ asks: 'who-else', says: 'On ${day}.' }] } },
	}));
	const attempt = arrive(varied, CALLING);
	const answer = attempt.perform({ kind: 'call', person: 'radiologist', topic: 'who-else' });
	expect(answer.observation.text).toBe('On Friday.');
});
