import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const chromium = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const browserPresent = existsSync(chromium);
if (process.env['VITEST'] && !browserPresent) {
	console.warn(`skipped: component tests need Chromium, not found at ${chromium}`);
}

/** What the test of the core in Chromium compares with: the same labs, played in Node. */
function labsInNode(_context: unknown, seed: string): unknown {
	const program = ['tests/browser/labs-in-node.ts', seed];
	const { stdout, stderr, status } = spawnSync(process.execPath, program, { encoding: 'utf8' });
	if (status !== 0) throw new Error(stderr);
	return JSON.parse(stdout);
}

export default defineConfig({
	plugins: [sveltekit()],
	// Found late, a dependency would reload a running page or test.
	optimizeDeps: {
		include: [
			'dicom-parser',
			'fflate',
			'yaml',
			'@xterm/addon-fit',
			'@xterm/xterm',
			'@xyflow/svelte',
			'bits-ui',
			'marked',
			'zod',
		],
	},
	test: {
		projects: [
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
					exclude: ['**/*.svelte.test.ts', 'tests/e2e/**', 'tests/browser/**'],
					testTimeout: 120_000,
					hookTimeout: 120_000,
				},
			},
			...(browserPresent
				? [
						{
							extends: true as const,
							test: {
								name: 'browser',
								include: ['src/**/*.svelte.test.ts', 'tests/browser/**/*.test.ts'],
								browser: {
									enabled: true,
									headless: true,
									provider: playwright({
										launchOptions: {
											executablePath: chromium,
											args: [
												'--no-sandbox',
												'--disable-gpu',
												'--disable-quic',
												'--no-first-run',
												'--disable-background-networking',
												'--disable-component-update',
												'--disable-sync',
											],
										},
									}),
									instances: [{ browser: 'chromium' as const }],
									screenshotFailures: false,
									commands: { labsInNode },
								},
							},
						},
					]
				: []),
		],
	},
});
