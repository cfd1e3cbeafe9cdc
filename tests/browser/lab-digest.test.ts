import { commands } from 'vitest/browser';
import { expect, test } from 'vitest';
import { runLabs, type LabRun } from './lab-run.ts';

declare module 'vitest/browser' {
	interface BrowserCommands {
		/** The same labs played in Node. */
		labsInNode: (seed: string) => Promise<LabRun[]>;
	}
}

const texts = import.meta.glob<string>('../../scenarios/**/*.yaml', {
	query: '?raw',
	import: 'default',
	eager: true,
});
const files = Object.entries(texts).map(([path, text]) => ({
	path: path.replace('../../', ''),
	text,
}));

test('a lab gives the same bytes in Chromium as in Node', { timeout: 300_000 }, async () => {
	const here = runLabs(files, 'browser');
	expect(here.length).toBeGreaterThanOrEqual(3);
	expect(here).toEqual(await commands.labsInNode('browser'));
	const other = runLabs(files.slice(), 'another seed');
	expect(other[0]?.trace).not.toBe(here[0]?.trace);
});
