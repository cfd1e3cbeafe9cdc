import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the process of dcmjs-dimse is asked to do. */
export interface DcmjsDimseTask {
	what: 'stores' | 'associations';
	count: number;
}

/** dcmjs-dimse at both ends, in another process. */
export interface DcmjsDimsePeer {
	run(task: DcmjsDimseTask): Promise<number>;
	stop(): void;
}

export async function startDcmjsDimse(): Promise<DcmjsDimsePeer> {
	const child = fork(fileURLToPath(new URL('dcmjs-dimse-process.ts', import.meta.url)), {
		stdio: 'ignore',
	});
	const ended = once(child, 'exit').then(() => {
		throw new Error('dcmjs-dimse has ended');
	});
	// At the end of the bench it is stopped, and nobody waits any more.
	ended.catch(() => undefined);
	const answered = async (): Promise<void> => {
		const answer = new Promise<void>((resolve) => child.once('message', () => resolve()));
		await Promise.race([answer, ended]);
	};
	await answered();
	return {
		async run(task) {
			child.send(task);
			await answered();
			return task.count;
		},
		stop: () => child.kill(),
	};
}
