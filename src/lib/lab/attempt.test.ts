import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readContent } from '../../../scripts/read-content.ts';
import type { Action } from './action.ts';
import { Attempt, IllegalAction } from './attempt.ts';
import { arrive, withScenario, withShortWarmUp } from './play.fixture.ts';

const CALLING = 'assoc-calling-aet-not-registered';
const content = readContent();
const short = withShortWarmUp(content, CALLING);

const CLOSE: Action = {
	kind: 'close',
	cause: 'An entry was missing in the table.',
	action: 'The entry was added to the table.',
	prevention: 'Compare the table after changes.',
};

const REGISTER: Action = {
	kind: 'operate',
	device: 'pacs',
	operation: 'add-node',
	fields: { 'ae-title': 'CT2', host: 'ct2', port: 104, 'may-store': true, 'may-query': false },
};

const ACTIONS: Action[] = [
	{ kind: 'call', person: 'ed-tech', topic: 'read-screen' },
	{ kind: 'command', place: 'admin', line: 'echoscu -aet CT2 -aec PACS1 pacs 104' },
	{ kind: 'look', device: 'ct2' },
	REGISTER,
	{ kind: 'operate', device: 'ct2', operation: 'verify-archive', fields: {} },
	{ kind: 'wait', seconds: 90 },
	CLOSE,
];

/** Everything that an attempt has shown, and what it comes down to. */
function shown(attempt: Attempt): unknown {
	return {
		records: attempt.records.map(({ observation, facts, changed }) => ({
			observation,
			facts,
			changed,
		})),
		fingerprint: attempt.fingerprint(),
	};
}

function playWhole(seed: string): Attempt {
	const attempt = new Attempt(short, CALLING, seed);
	for (const action of ACTIONS) attempt.perform(action);
	attempt.watch();
	return attempt;
}

test('the same seed and actions give the same attempt, whole, in slices, and looked at in between', () => {
	const whole = playWhole('a');
	const sliced = new Attempt(short, CALLING, 'a');
	let slices = 0;
	const run = (): void => {
		while (!sliced.advance(7)) {
			slices++;
			if (slices % 50 === 0) sliced.view();
		}
	};
	run();
	for (const action of ACTIONS) {
		sliced.view();
		sliced.begin(action);
		run();
		sliced.take();
		sliced.readFile('/home/you/test-image.dcm');
	}
	while (!sliced.watch(7)) slices++;
	expect(slices).toBeGreaterThan(100);
	expect(shown(sliced)).toEqual(shown(whole));
	expect(shown(playWhole('a'))).toEqual(shown(whole));
	expect(playWhole('b').fingerprint()).not.toBe(whole.fingerprint());
});

test('a seed picks the variables of a scenario', () => {
	const varied = withScenario(short, CALLING, ({ ticket }) => ({
		vars: { room: { pick: ['resus', 'triage'] } },
		ticket: { ...ticket, text: 'CT 2 in ${room} fails, says ${nobody}.' },
	}));
	const texts = new Set(
		Array.from({ length: 12 }, (_, i) => arrive(varied, CALLING, `s${i}`).view().ticket.text),
	);
	expect([...texts].sort()).toEqual([
		'CT 2 in resus fails, says ${nobody}.',
		'CT 2 in triage fails, says ${nobody}.',
	]);
});

test('a refused action is written down and changes nothing', () => {
	const attempt = arrive(short, CALLING);
	const before = attempt.world.configuration();
	const { observation } = attempt.perform({ ...REGISTER, fields: { 'ae-title': 'CT2' } });
	expect(observation.outcome).toBe('refused');
	expect(observation.text).toMatch(/ is needed\.$/);
	expect(observation.endedUs).toBe(observation.startedUs);
	expect(attempt.world.configuration()).toEqual(before);
	expect(attempt.records.map(({ sequence, changed }) => ({ sequence, changed }))).toEqual([
		{ sequence: 0, changed: false },
	]);
	attempt.perform(REGISTER);
	expect(attempt.world.configuration()).not.toEqual(before);
	expect(attempt.records[1]?.changed).toBe(true);
});

test('actions come one after the other, after the arrival and until the ticket is closed', () => {
	const attempt = new Attempt(short, CALLING, 'test');
	expect(() => attempt.begin({ kind: 'hint' })).toThrow(IllegalAction);
	expect(() => attempt.take()).toThrow(IllegalAction);
	expect(() => attempt.evidence()).toThrow(IllegalAction);
	attempt.advance();
	attempt.begin({ kind: 'wait', seconds: 60 });
	expect(() => attempt.begin({ kind: 'hint' })).toThrow('another action');
	expect(attempt.advance(1)).toBe(false);
	expect(() => attempt.watch()).toThrow(IllegalAction);
	expect(attempt.advance()).toBe(true);
	expect(attempt.take().observation.text).toBe('Waited 1 min.');
	expect(() => attempt.take()).toThrow(IllegalAction);
	attempt.perform(CLOSE);
	expect(attempt.closed).toBe(true);
	expect(attempt.view().status).toBe('closed');
	expect(() => attempt.perform({ kind: 'wait', seconds: 1 })).toThrow('closed');
	expect(attempt.actions.map((action) => action.kind)).toEqual(['wait', 'close']);
	expect(() => new Attempt(content, 'no-such-scenario', 'test')).toThrow(RangeError);
});

test('what was opened in between is on record even when it is closed again', () => {
	const attempt = arrive(short, CALLING);
	const open = (value: boolean): Action => ({
		...{ kind: 'configure', device: 'pacs', setting: 'accept-unknown-callers', value },
	});
	attempt.perform(open(true));
	attempt.perform(open(false));
	const opened = attempt.world.kernel.trace.events.filter((e) => e.kind === 'exposure-opened');
	expect(opened.map((event) => event['exposure'])).toEqual([
		'Archive accepts any calling AE title',
	]);
});

const id = fc.constantFrom('pacs', 'ct2', 'fw1', 'admin', 'dns1', 'ed-tech', 'nobody');
const word = fc.constantFrom('restart', 'add-node', 'ae-title', 'archive-port', 'send-again', 'x');
const line = fc.constantFrom(
	'ping -c 1 pacs',
	'ls',
	'grep ( x',
	'systemctl stop archive',
	'rm',
	'|',
);
const action: fc.Arbitrary<Action> = fc.oneof(
	fc.record({ kind: fc.constant('command' as const), place: id, line }),
	fc.record({ kind: fc.constant('look' as const), device: id }),
	fc.record({
		kind: fc.constant('configure' as const),
		device: id,
		setting: word,
		value: fc.oneof(fc.string({ maxLength: 20 }), fc.integer(), fc.boolean()),
	}),
	fc.record({
		kind: fc.constant('operate' as const),
		device: id,
		operation: word,
		fields: fc.dictionary(fc.constantFrom('ae-title', 'host', 'port'), fc.string(), { maxKeys: 2 }),
	}),
	fc.record({ kind: fc.constant('call' as const), person: id, topic: word }),
	fc.record({
		kind: fc.constant('inform' as const),
		person: id,
		text: fc.string({ minLength: 1 }),
	}),
	fc.constant<Action>({ kind: 'hint' }),
	fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 300 }) }),
	fc.record({
		kind: fc.constant('diagnose' as const),
		component: id,
		mechanism: word,
		confidence: fc.integer({ min: 0, max: 100 }),
	}),
);

test('any list of actions is carried out, alike each time, and time never goes back', () => {
	const play = (seed: string, actions: readonly Action[]): Attempt => {
		const attempt = arrive(short, CALLING, seed);
		for (const one of actions) attempt.perform(one);
		return attempt;
	};
	fc.assert(
		fc.property(
			fc.constantFrom('p', 'q'),
			fc.array(action, { minLength: 1, maxLength: 6 }),
			(seed, actions) => {
				const attempt = play(seed, actions);
				let nowUs = attempt.arrivalUs;
				for (const { observation } of attempt.records) {
					expect(observation.startedUs).toBe(nowUs);
					expect(observation.endedUs).toBeGreaterThanOrEqual(nowUs);
					expect(observation.text).not.toBe('');
					nowUs = observation.endedUs;
				}
				expect(attempt.actions).toEqual(actions);
				expect(shown(play(seed, actions))).toEqual(shown(attempt));
			},
		),
		{ numRuns: 40, seed: 1 },
	);
});
