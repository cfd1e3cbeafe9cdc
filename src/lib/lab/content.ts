import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { loadHospital } from '#lib/hospital/load-hospital.ts';
import { YamlSource, type Problem } from '#lib/hospital/yaml-source.ts';
import { CHECK_DEFINITIONS } from './checks/catalogue.ts';
import type { Action } from './action.ts';
import { FAULT_DEFINITIONS } from './faults/catalogue.ts';
import { scenarioSchema, type Scenario, type ScenarioFile } from './scenario-schema.ts';
import { firstPicks, substitute } from './variables.ts';

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
export function loadScenario(
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

function referenceProblems(
	source: YamlSource,
	file: ScenarioFile,
	hospital: HospitalSpec,
): Problem[] {
	const problems: Problem[] = [];
	const report = (keys: PropertyKey[], message: string): void => {
		problems.push(source.problem(keys, message));
	};
	const places = new Set([...hospital.devices, ...hospital.hosts].map((row) => row.id));
	const people = new Set(hospital.people.map((person) => person.id));
	const requirePlace = (id: string, keys: PropertyKey[]): void => {
		if (!places.has(id)) report(keys, `there is no device or host "${id}" in ${hospital.id}`);
	};
	const requirePerson = (id: string, keys: PropertyKey[]): void => {
		if (!people.has(id)) report(keys, `there is no person "${id}" in ${hospital.id}`);
	};
	// Parameters are checked with the first pick of every variable: all picks have the same form.
	const picked = substitute(file, firstPicks(file.vars));
	for (const list of ['faults', 'distractors'] as const) {
		for (const [i, { id: _id, kind, at: _at, ...parameters }] of picked[list].entries()) {
			const definition = FAULT_DEFINITIONS.get(kind);
			const parsed = definition?.parameters.safeParse(parameters);
			for (const issue of parsed?.error?.issues ?? []) {
				report([list, i, ...issue.path], `${issue.path.join('.')}: ${issue.message}`);
			}
			if (parsed?.success) {
				for (const id of definition?.refersTo(parsed.data) ?? []) requirePlace(id, [list, i]);
			}
		}
	}
	for (const [i, check] of picked.checks.entries()) {
		const { id: _id, kind, counts: _counts, weight: _weight, ...parameters } = check;
		const definition = CHECK_DEFINITIONS.get(kind);
		const parsed = definition?.parameters.safeParse(parameters);
		for (const issue of parsed?.error?.issues ?? []) {
			report(['checks', i, ...issue.path], `${issue.path.join('.')}: ${issue.message}`);
		}
		if (parsed?.success) {
			for (const id of definition?.refersTo(parsed.data) ?? []) requirePlace(id, ['checks', i]);
		}
	}
	requirePerson(file.ticket.from, ['ticket', 'from']);
	for (const person of Object.keys(file.people)) requirePerson(person, ['people', person]);
	const requireAction = (action: Action, keys: PropertyKey[]): void => {
		if ('device' in action) requirePlace(action.device, keys);
		if ('place' in action) requirePlace(action.place, keys);
		if ('person' in action) requirePerson(action.person, keys);
	};
	for (const list of ['solutions', 'wrong'] as const) {
		for (const [i, run] of picked[list].entries()) {
			for (const [j, action] of run.actions.entries())
				requireAction(action, [list, i, 'actions', j]);
		}
	}
	const checkIds = new Set(file.checks.map((check) => check.id));
	for (const [i, wrong] of file.wrong.entries()) {
		for (const [j, id] of wrong.fails.entries()) {
			if (!checkIds.has(id) && !GENERAL_RULES.has(id)) {
				report(
					['wrong', i, 'fails', j],
					`"${id}" is neither a check of this scenario nor a general rule`,
				);
			}
		}
	}
	return problems;
}

/** What a wrong repair may fail at besides the scenario's own checks. */
const GENERAL_RULES = new Set(['safety', 'diagnosis', 'harm']);
