import { z } from 'zod';

/** What an operator can set. `docs/operations.md` lists the variables. */
export interface Config {
	/** Path of the SQLite file, or `:memory:`. */
	databaseUrl: string;
	/** Folder of the hospitals and labs. */
	scenariosDir: string;
	/** Folder of the question bank. */
	banksDir: string;
	/** How many running worlds are kept in memory; the others are rebuilt from their actions. */
	worldsMax: number;
	/** A hospital that the web server opens to real programs on this machine; undefined: none. */
	gateway: { hospital: string; basePort: number } | undefined;
}

const environmentSchema = z.object({
	DATABASE_URL: z.string().min(1).default('data/pacs-on-call.db'),
	SCENARIOS_DIR: z.string().min(1).default('scenarios'),
	BANKS_DIR: z.string().min(1).default('banks'),
	WORLDS_MAX: z.coerce.number().int().min(1).max(10_000).default(32),
	GATEWAY_HOSPITAL: z.string().default(''),
	GATEWAY_PORT: z.coerce.number().int().min(1).max(65_000).default(11_112),
});

/**
 * Reads the configuration. The only place that looks at environment variables; `PORT`, `HOST` and
 * `ORIGIN` are read by the HTTP adapter itself.
 * Throws an error that names the variable when a value is unusable.
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
	const parsed = environmentSchema.safeParse(environment);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new Error(
			`The environment variable ${issue?.path.join('.')} is unusable: ${issue?.message}`,
		);
	}
	return {
		databaseUrl: parsed.data.DATABASE_URL,
		scenariosDir: parsed.data.SCENARIOS_DIR,
		banksDir: parsed.data.BANKS_DIR,
		worldsMax: parsed.data.WORLDS_MAX,
		gateway:
			parsed.data.GATEWAY_HOSPITAL === ''
				? undefined
				: { hospital: parsed.data.GATEWAY_HOSPITAL, basePort: parsed.data.GATEWAY_PORT },
	};
}
