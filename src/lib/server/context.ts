import { createApp } from './app.ts';
import type { App } from './app.ts';
import type { AttemptEngine } from './attempts/engine.ts';
import { SliceRunner } from './attempts/slices.ts';
import { openExamContent } from './content/exam-content.ts';
import { openLabEngine } from './content/lab-engine.ts';
import { readConfig } from './config.ts';
import { openDatabase } from './db/open.ts';
import { openWebGateway } from './gateway/web-gateway.ts';

let app: App | undefined;

/**
 * The running application. Opens the database and reads the content at the first call, which the `init`
 * hook makes: never at import, because the build imports this module as well.
 */
export function getApp(): App {
	if (app) return app;
	const config = readConfig();
	const engine = openLabEngine(config.scenariosDir);
	const labs = new Set(engine.scenarios.keys());
	const questions = openExamContent(config.banksDir, config.scenariosDir, labs);
	const { db, close } = openDatabase(config.databaseUrl);
	app = createApp({ db, engine, questions, worldsMax: config.worldsMax });
	void warmUp(engine);
	if (config.gateway) void openWebGateway(config.gateway, config.scenariosDir);
	// The HTTP adapter emits this once the last request has been answered.
	process.once('sveltekit:shutdown', close);
	return app;
}

/**
 * Runs one hospital before the first trainee comes: images are drawn when they are first needed and shared
 * from then on, and the first run of any code is its slowest.
 */
async function warmUp(engine: AttemptEngine): Promise<void> {
	const [scenario] = engine.scenarios.keys();
	if (scenario === undefined) return;
	const world = engine.open(scenario, 'warm-up');
	await new SliceRunner().run((maxEvents) => world.advance(maxEvents));
}
