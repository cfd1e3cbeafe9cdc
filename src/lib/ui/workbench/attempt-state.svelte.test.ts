import { expect, test } from 'vitest';
import { workbenchFixture } from '../../../../tests/support/workbench-fixture.ts';
import type { ActionRequest } from '../page-data.ts';
import { AttemptState } from './attempt-state.svelte.ts';
import type { Reply } from './post-action.ts';

/** A transport that answers with the given replies in turn and remembers what it was sent. */
function scripted(...replies: ((request: ActionRequest) => Reply)[]) {
	const sent: ActionRequest[] = [];
	const transport = (request: ActionRequest): Promise<Reply> => {
		sent.push(request);
		const reply = replies.shift();
		if (reply === undefined) throw new Error('one act too many');
		return Promise.resolve(reply(request));
	};
	return { sent, transport };
}

const done = ({ sequence, action }: ActionRequest): Reply => {
	const { history: _, ...view } = workbenchFixture();
	const observation = {
		place: 'desk',
		startedUs: 0,
		endedUs: 1_000_000,
		outcome: 'done' as const,
		text: 'ok',
	};
	return { kind: 'done', response: { entry: { sequence, action, observation }, view } };
};
const unreachable = (): Reply => ({ kind: 'later', message: 'no line' });
const wait = { kind: 'wait', seconds: 60 } as const;

function keys() {
	let n = 0;
	return () => `key-${++n}`;
}

test('an act is appended to the history', async () => {
	const view = workbenchFixture();
	const { sent, transport } = scripted(done);
	const state = new AttemptState(view, transport, keys());
	const observation = await state.act(wait);
	expect(observation?.text).toBe('ok');
	expect(sent[0]?.sequence).toBe(view.history.length);
	expect(state.view.history.length).toBe(view.history.length + 1);
	expect(state.busy).toBe(false);
});

test('a retry uses the same key and sequence, and the first promise is kept', async () => {
	const { sent, transport } = scripted(unreachable, unreachable, done);
	const state = new AttemptState(workbenchFixture(), transport, keys());
	const promise = state.act(wait);
	await expect.poll(() => state.failure?.retry).toBe(true);
	expect(state.pending).toEqual(wait);
	state.retry();
	await expect.poll(() => sent.length === 2 && !state.sending).toBe(true);
	state.retry();
	expect((await promise)?.text).toBe('ok');
	expect(new Set(sent.map((request) => request.key))).toEqual(new Set(['key-1']));
	expect(new Set(sent.map((request) => request.sequence)).size).toBe(1);
	expect(state.failure).toBeUndefined();
});

test('a second act while one is under way is not sent', async () => {
	const { sent, transport } = scripted(done);
	const state = new AttemptState(workbenchFixture(), transport, keys());
	const first = state.act(wait);
	expect(await state.act(wait)).toBeUndefined();
	await first;
	expect(sent.length).toBe(1);
});

test('a conflict loads the newer view and says so', async () => {
	const newer = workbenchFixture();
	newer.history = newer.history.slice(0, 2);
	const { transport } = scripted(() => ({
		kind: 'conflict',
		conflict: { error: 'conflict', message: '', view: newer },
	}));
	const state = new AttemptState(workbenchFixture(), transport, keys());
	expect(await state.act(wait)).toBeUndefined();
	expect(state.view.history.length).toBe(2);
	expect(state.notice).toContain('Another tab');
	expect(state.busy).toBe(false);
});

test('an act that is not acceptable is given up with a message', async () => {
	const { transport } = scripted(() => ({ kind: 'invalid', message: 'too long' }), done);
	const state = new AttemptState(workbenchFixture(), transport, keys());
	expect(await state.act(wait)).toBeUndefined();
	expect(state.failure).toEqual({ message: 'too long', retry: false });
	expect((await state.act(wait))?.text).toBe('ok');
});

test('giving up settles the act and frees the queue', async () => {
	const { transport } = scripted(unreachable, done);
	const state = new AttemptState(workbenchFixture(), transport, keys());
	const promise = state.act(wait);
	await expect.poll(() => state.failure !== undefined).toBe(true);
	state.giveUp();
	expect(await promise).toBeUndefined();
	expect((await state.act(wait))?.text).toBe('ok');
});

test('the newest console of each device and the last diagnosis are known', () => {
	const state = new AttemptState(workbenchFixture(), scripted().transport);
	expect(state.consoles.get('pacs')?.console.title).toBe('PACS archive');
	expect(state.diagnosis?.mechanism).toBe('ae-title-changed');
});
