import { defineConfig } from '@playwright/test';

/** The tests have a server of their own; another one on the usual port is not disturbed. */
const port = Number(process.env['E2E_PORT'] ?? 4310);
const origin = `http://localhost:${port}`;

export default defineConfig({
	testDir: 'tests/e2e',
	testMatch: '**/*.e2e.ts',
	workers: 2,
	retries: 0,
	forbidOnly: process.env['CI'] !== undefined,
	timeout: 180_000,
	expect: { timeout: 20_000 },
	reporter: [['list']],
	outputDir: 'test-results',
	use: {
		baseURL: origin,
		actionTimeout: 40_000,
		viewport: { width: 1280, height: 800 },
		locale: 'en-GB',
		screenshot: 'only-on-failure',
		launchOptions: {
			executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
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
	},
	webServer: {
		command: 'npm run build && npm start',
		url: origin,
		reuseExistingServer: false,
		// Building takes a minute on a slow machine.
		timeout: 420_000,
		env: {
			PORT: String(port),
			ORIGIN: origin,
			// A new database each time: Playwright empties this folder before it starts the server.
			DATABASE_URL: 'test-results/server/e2e.db',
		},
	},
});
