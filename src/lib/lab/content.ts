import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { loadHospital } from '#lib/hospital/load-hospital.ts';
import { YamlSource, type Problem } from '#lib/authored/yaml-source.ts';
import { referenceProblems } from './scenario-references.ts';
import { scenarioSchema, type Scenario } from './scenario-schema.ts';

/** All authored hospitals and scenarios, by id. */
export interface Content {
	hospitals: ReadonlyMap<string, HospitalSpec>;
	scenarios: ReadonlyMap<string, Scenario>;
}

const HOSPITAL_PATH = /(^|\/)hospitals\/[^/]+\.yaml$/;
const LAB_PATH = /(^|\/)labs\/[^/]+\.yaml$/;

/**
 * Reads the content of a `scenarios/` folder. Files with mistakes are left out and reported with their
 * place; everything else can be used.
 */
export function loadContent(files: readonly { path: string; text: string }[]): {
	content: Content;
	problems: Problem[];
} {
	const problems: Problem[] = [];
	const hospitals = new Map<string, HospitalSpec>();
	const scenarios = new Map<string, Scenario>();
	const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
	for (const { path, text } of sorted.filter((file) => HOSPITAL_PATH.test(file.path))) {
		const loaded = loadHospital(path, text);
		if ('problems' in loaded) problems.push(...loaded.problems);
		else hospitals.set(loaded.hospital.id, loaded.hospital);
	}
	for (const { path, text } of sorted.filter((file) => LAB_PATH.test(file.path))) {
		const loaded = loadScenario(path, text, hospitals);
		if ('problems' in loaded) problems.push(...loaded.problems);
		else if (scenarios.has(loaded.scenario.id)) {
			const message = `the id "${loaded.scenario.id}" is taken by another file; choose a new one`;
			problems.push({ path, line: 1, column: 1, message });
		} else scenarios.set(loaded.scenario.id, loaded.scenario);
	}
	return { content: { hospitals, scenarios }, problems };
}

/** Reads one scenario file against the hospitals that exist. */
function loadScenario(
	path: string,
	text: string,
	hospitals: ReadonlyMap<string, HospitalSpec>,
): { scenario: Scenario } | { problems: Problem[] } {
	const source = new YamlSource(path, text);
	const read = source.read(scenarioSchema);
	if ('problems' in read) return read;
	const hospital = hospitals.get(read.value.hospital);
	if (!hospital) {
		const choices = [...hospitals.keys()].join(', ') || 'none was loaded';
		const message = `there is no hospital "${read.value.hospital}"; choose one of: ${choices}`;
		return { problems: [source.problem(['hospital'], message)] };
	}
	const problems = referenceProblems(source, read.value, hospital);
	return problems.length > 0 ? { problems } : { scenario: { ...read.value, hospital } };
}
