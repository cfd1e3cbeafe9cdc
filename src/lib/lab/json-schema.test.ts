import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { generateSchemas } from '../../../scripts/generate-schema.ts';
import { CHECK_DEFINITIONS } from './checks/catalogue.ts';
import { EXAMPLES } from './faults/examples.fixture.ts';
import { FAULT_DEFINITIONS } from './faults/catalogue.ts';
import { hospitalJsonSchema, scenarioJsonSchema, type JsonSchema } from './json-schema.ts';

const LABS = readdirSync('scenarios/labs').map((name) => `scenarios/labs/${name}`);
const HOSPITALS = readdirSync('scenarios/hospitals').map((name) => `scenarios/hospitals/${name}`);

const scenarios = z.fromJSONSchema(scenarioJsonSchema() as never);
const hospitals = z.fromJSONSchema(hospitalJsonSchema() as never);

/** A scenario of the repository as its author wrote it. */
function scenario(): { faults: JsonSchema[]; checks: JsonSchema[] } & JsonSchema {
	return parse(readFileSync(LABS[0] ?? '', 'utf8')) as never;
}

/** The rows that the schema allows in a list, by kind. */
function rowsOf(list: string): Map<unknown, JsonSchema> {
	const { properties } = scenarioJsonSchema() as { properties: Record<string, JsonSchema> };
	const { anyOf } = properties[list]?.['items'] as { anyOf: JsonSchema[] };
	return new Map(
		anyOf.map((row) => [(row['properties'] as Record<string, JsonSchema>)['kind']?.['const'], row]),
	);
}

test.each([...generateSchemas()])('the committed %s is what the generator writes', (name, text) => {
	const committed = readFileSync(`static/schemas/${name}`, 'utf8');
	expect(text === committed, 'run npm run schema').toBe(true);
	expect(text).toContain('do not edit');
});

test.each(LABS)('%s follows the schema and names it', (path) => {
	const text = readFileSync(path, 'utf8');
	expect(scenarios.safeParse(parse(text)).error?.issues).toBeUndefined();
	expect(text.split('\n')[0]).toBe(
		'# yaml-language-server: $schema=../../static/schemas/scenario.schema.json',
	);
});

test.each(HOSPITALS)('%s follows the schema and names it', (path) => {
	const text = readFileSync(path, 'utf8');
	expect(hospitals.safeParse(parse(text)).error?.issues).toBeUndefined();
	expect(text.split('\n')[0]).toBe(
		'# yaml-language-server: $schema=../../static/schemas/hospital.schema.json',
	);
});

test('every kind of fault and check is spelled out with its line of documentation', () => {
	for (const list of ['faults', 'distractors']) {
		const rows = rowsOf(list);
		expect([...rows.keys()]).toEqual([...FAULT_DEFINITIONS.keys()]);
		for (const [kind, { doc }] of FAULT_DEFINITIONS) {
			expect(rows.get(kind)?.['description']).toBe(doc);
		}
	}
	const checks = rowsOf('checks');
	expect([...checks.keys()]).toEqual([...CHECK_DEFINITIONS.keys()]);
	for (const [kind, { doc }] of CHECK_DEFINITIONS) {
		expect(checks.get(kind)?.['description']).toBe(doc);
	}
});

test('the example of every fault kind is allowed, and no more than it', () => {
	for (const kind of FAULT_DEFINITIONS.keys()) {
		const fault = { id: 'f9', kind, at: '-00:10', ...EXAMPLES[kind]?.parameters };
		const withFault = (extra: JsonSchema): JsonSchema => ({
			...scenario(),
			faults: [{ ...fault, ...extra }],
		});
		expect(scenarios.safeParse(withFault({})).success, kind).toBe(true);
		expect(scenarios.safeParse(withFault({ surprise: 1 })).success, kind).toBe(false);
		expect(scenarios.safeParse(withFault({ kind: 'bad-luck' })).success, kind).toBe(false);
	}
});

test('a variable may stand where a parameter has a form of its own', () => {
	const [fault] = scenario().faults;
	const withArchive = (archive: string): JsonSchema => ({
		...scenario(),
		faults: [{ ...fault, archive }],
	});
	expect(scenarios.safeParse(withArchive('${place}')).success).toBe(true);
	expect(scenarios.safeParse(withArchive('The Archive')).success).toBe(false);
});

test('what the schema of a hospital asks of a device depends on its kind', () => {
	const hospital = parse(readFileSync(HOSPITALS[0] ?? '', 'utf8')) as { devices: JsonSchema[] };
	const withDevice = (device: JsonSchema | undefined): JsonSchema => ({
		...hospital,
		devices: [device ?? {}],
	});
	const archive = hospital.devices.find(({ kind }) => kind === 'archive');
	expect(hospitals.safeParse(withDevice(archive)).success).toBe(true);
	expect(hospitals.safeParse(withDevice({ ...archive, kind: 'modality' })).success).toBe(false);
	const { config: _config, ...bare } = archive ?? {};
	expect(hospitals.safeParse(withDevice(bare)).success).toBe(false);
});
