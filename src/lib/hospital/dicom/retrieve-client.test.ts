import { seconds } from '#lib/kernel/time.ts';
import { expect, test } from 'vitest';
import { run } from '../../../../tests/simulation/community-world.ts';
import { archiveWorld, keep, study } from '../../../../tests/support/archive-conversation.ts';
import type { Workstation } from '../devices/workstation/workstation.ts';

/** The reading room with two studies on its list; nobody reads by himself. */
function readingRoom(retrieve: 'move' | 'get') {
	const { world, archive } = archiveWorld();
	const today = { StudyDate: '20260309' };
	const objects = study('one', today);
	for (const one of [objects, study('two', today)]) keep(archive, one);
	const workstation = world.device('ws1') as Workstation;
	Object.assign(workstation.config, { retrieve, refreshSeconds: 3_600 });
	expect(run(world, workstation.refresh())).toBeUndefined();
	expect(workstation.list.size).toBe(2);
	const listed = workstation.list.get(objects[0]?.text('StudyInstanceUID') ?? '');
	if (!listed) throw new Error('not listed');
	const uids = objects.map((one) => one.text('SOPInstanceUID') ?? '');
	return { world, archive, workstation, listed, uids };
}

test.each(['move', 'get'] as const)('the workstation retrieves a study by C-%s', (method) => {
	const { world, archive, workstation, listed, uids } = readingRoom(method);
	expect(run(world, workstation.retrieve(listed))).toBeUndefined();
	expect([...listed.received]).toEqual(uids);
	expect(listed.state).toBe('retrieved');
	// A move comes in on an association of its own, a get on that of the request.
	expect(workstation.provider.history.length).toBe(method === 'move' ? 1 : 0);
	expect(archive.logFile.lines.join('\n')).toContain(`C-${method.toUpperCase()} READ1`);
});

test('C-GET needs no entry with the right address in the node table, C-MOVE does', () => {
	for (const method of ['move', 'get'] as const) {
		const { world, archive, workstation, listed } = readingRoom(method);
		const node = archive.node('READ1');
		if (node) node.port = 11_112;
		const problem = run(world, workstation.retrieve(listed));
		expect(problem).toBe(method === 'move' ? 'C-MOVE status A702' : undefined);
		expect(listed.state).toBe(method === 'move' ? 'failed' : 'retrieved');
	}
});

test('the workstation says why a retrieve failed', () => {
	const { world, archive, workstation, listed } = readingRoom('get');
	archive.stop();
	expect(run(world, workstation.retrieve(listed))).toBe('connection refused');
	archive.start();
	world.kernel.runUntil(world.kernel.nowUs + seconds(1));
	archive.store.delete(listed.studyInstanceUid);
	// Nothing to send is a success of nothing (PS3.4 C.4.3.1.4).
	expect(run(world, workstation.retrieve(listed))).toBeUndefined();
	expect(listed.received.size).toBe(0);
});
