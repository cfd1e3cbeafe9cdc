import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('has defaults, and says which variable is unusable', () => {
	expect(readConfig({})).toEqual({
		...{ databaseUrl: 'data/pacs-on-call.db', scenariosDir: 'scenarios', banksDir: 'banks' },
		worldsMax: 32,
	});
	expect(readConfig({ WORLDS_MAX: '8' }).worldsMax).toBe(8);
	expect(() => readConfig({ WORLDS_MAX: 'many' })).toThrow(/WORLDS_MAX/);
});
