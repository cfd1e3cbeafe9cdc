import { readFileSync } from 'node:fs';
import { loadHospital } from '#lib/hospital/load-hospital.ts';
import { describe, expect, test } from 'vitest';
import { LAYERS } from '../define-fault.ts';
import { Bench } from './bench.fixture.ts';
import { FAULT_DEFINITIONS } from './catalogue.ts';
import { EXAMPLES } from './examples.fixture.ts';

const HOSPITAL = readFileSync('scenarios/hospitals/community.yaml', 'utf8');
const KINDS = [...FAULT_DEFINITIONS.keys()];

function exampleOf(kind: string) {
	const definition = FAULT_DEFINITIONS.get(kind);
	const example = EXAMPLES[kind];
	if (!definition || !example) throw new Error(`write an example of "${kind}"`);
	return { definition, example, parameters: definition.parameters.parse(example.parameters) };
}

/** A healthy look, the fault, its symptom, the cure, and the look again. */
function play(kind: string) {
	const { definition, example, parameters } = exampleOf(kind);
	const bench = new Bench(HOSPITAL, { secured: example.secured === true });
	const { world } = bench;
	const present: boolean[] = [definition.present(world, parameters)];
	const healthy = example.observe(bench);
	definition.inject(world, parameters);
	present.push(definition.present(world, parameters));
	const broken = example.observe(bench);
	present.push(definition.present(world, parameters));
	example.cure(bench);
	present.push(definition.present(world, parameters));
	const cured = example.observe(bench);
	return { present, healthy, broken, cured, digest: world.kernel.trace.digest() };
}

test('every kind has an example and every example a kind', () => {
	expect(Object.keys(EXAMPLES).sort()).toEqual([...KINDS].sort());
});

describe.each(KINDS)('%s', (kind) => {
	test('is absent, breaks what it says, is cured, and twice alike', () => {
		const { example } = exampleOf(kind);
		const first = play(kind);
		expect(first.healthy).toEqual(example.healthy);
		expect(first.broken).toEqual(example.broken);
		expect(first.cured).toEqual(example.healthy);
		expect(first.present).toEqual([false, true, true, false]);
		expect(play(kind).digest).toBe(first.digest);
	});

	test('has strict parameters and names what it is about', () => {
		const { definition, example, parameters } = exampleOf(kind);
		const loaded = loadHospital('community.yaml', HOSPITAL);
		if ('problems' in loaded) throw new Error('the hospital does not load');
		const { devices, hosts } = loaded.hospital;
		const places = [...devices, ...hosts].map((row) => row.id);
		expect(definition.parameters.safeParse({ ...example.parameters, extra: 1 }).success).toBe(
			false,
		);
		expect(definition.parameters.safeParse({}).success).toBe(false);
		for (const key of ['id', 'kind', 'at']) expect(parameters).not.toHaveProperty(key);
		expect(definition.refersTo(parameters)).toContain(definition.component(parameters));
		for (const id of definition.refersTo(parameters)) expect(places).toContain(id);
		expect(definition.describe(parameters)).toMatch(/^[^\n]+\.$/);
	});
});

test('mechanisms are worded once each', () => {
	const mechanisms = [...FAULT_DEFINITIONS.values()].map((definition) => definition.mechanism);
	const layers = LAYERS.map((layer) => layer.id);
	for (const one of mechanisms) {
		expect(layers).toContain(one.layer);
		for (const other of mechanisms) {
			if (one.id === other.id) expect(one).toEqual(other);
			else expect(one.title).not.toBe(other.title);
		}
	}
});
