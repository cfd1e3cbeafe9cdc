import { expect, test } from 'vitest';
import { workbenchFixture } from '../../../../../tests/support/workbench-fixture.ts';
import type { ActionRequest } from '../../page-data.ts';
import { AttemptState } from '../attempt-state.svelte.ts';
import type { Reply } from '../post-action.ts';
import { UploadList } from './upload-list.svelte.ts';

const DIGEST = 'd'.repeat(64);
const file = (name: string, sizeBytes = 4) => new File([new Uint8Array(sizeBytes)], name);

/** A list whose files the server takes, unless they are named in `refused`. */
function prepared(refused: string[] = []) {
	const sent: string[] = [];
	const actions: ActionRequest['action'][] = [];
	let files = [{ path: '/home/you/upload/knee.dcm', sizeBytes: 1 }];
	const transport = ({ sequence, action }: ActionRequest): Promise<Reply> => {
		actions.push(action);
		if (action.kind === 'upload') {
			files = [...files, { path: `/home/you/upload/${action.name}.dcm`, sizeBytes: 1 }];
		}
		const { history: _, ...view } = { ...workbenchFixture(), files };
		const observation = {
			place: 'desk',
			startedUs: 0,
			endedUs: 0,
			outcome: 'done',
			text: 'there',
		} as const;
		return Promise.resolve({
			kind: 'done',
			response: { entry: { sequence, action, observation }, view },
		});
	};
	const attempt = new AttemptState({ ...workbenchFixture(), files }, transport);
	const list = new UploadList(attempt, (one, onprogress) => {
		sent.push(one.name);
		onprogress(1);
		return Promise.resolve(
			refused.includes(one.name) ? { ok: false, message: 'No.' } : { ok: true, digest: DIGEST },
		);
	});
	return { list, sent, actions };
}

test('files go one after the other, under names that are free, and a refused one stops nothing', async () => {
	const { list, sent, actions } = prepared(['bad.dcm']);
	list.add(['Knee left (1).dcm', 'knee.dcm', 'bad.dcm', 'knee.DCM', '…'].map((name) => file(name)));
	await Promise.all([list.run(), list.run()]);
	expect(sent).toEqual(['Knee left (1).dcm', 'knee.dcm', 'bad.dcm', 'knee.DCM', '…']);
	expect(actions.map((action) => action.kind === 'upload' && action.name)).toEqual([
		'Knee-left-1',
		'knee-2',
		'knee-3',
		'image',
	]);
	expect(list.uploads.map(({ state, text }) => `${state}: ${text}`)).toEqual([
		'done: there',
		'done: there',
		'failed: No.',
		'done: there',
		'done: there',
	]);
	expect(list.running).toBe(false);
});

test('a file that is too large is told before it is sent, and one can be left out', async () => {
	const { list, sent } = prepared();
	list.add([file('huge.dcm', 20e6 + 1), file('a.dcm'), file('b.dcm')]);
	const [, second] = list.uploads;
	if (second) list.remove(second);
	expect(list.waiting).toBe(1);
	await list.run();
	expect(sent).toEqual(['b.dcm']);
	expect(list.uploads[0]?.text).toBe('Larger than 20 MB.');
});
