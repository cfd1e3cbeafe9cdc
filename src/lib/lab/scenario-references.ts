import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { formatProblem, type Problem, type YamlSource } from '#lib/authored/yaml-source.ts';
import type { z } from 'zod';
import type { Action } from './action.ts';
import { CHECK_DEFINITIONS } from './checks/catalogue.ts';
import { FAULT_DEFINITIONS } from './faults/catalogue.ts';
import type { ScenarioFile } from './scenario-schema.ts';
import { everyPick, substitute } from './variables.ts';

/** What a wrong repair may fail at besides the scenario's own checks. */
const GENERAL_RULES = ['safety', 'diagnosis', 'harm'];

/** What a scenario may name: how it is called in a message, and the ids that exist. */
interface Known {
	what: string;
	ids: ReadonlySet<string>;
}

type Keys = readonly PropertyKey[];

/** Everything in a scenario file that names something which does not exist, with its place in the file. */
export function referenceProblems(
	source: YamlSource,
	file: ScenarioFile,
	hospital: HospitalSpec,
): Problem[] {
	const lookup = new Lookup(source, file, hospital);
	for (const lists of [['faults', 'distractors'], ['checks'], ['solutions'], ['wrong']] as const) {
		const seen = new Set<string>();
		for (const list of lists) lookup.requireUnique(file[list], list, seen);
	}
	for (const picks of everyPick(file.vars)) lookUpAll(lookup, substitute(file, picks));
	return lookup.problems;
}

/** @param file with its variables filled in */
function lookUpAll(lookup: Lookup, file: ScenarioFile): void {
	for (const list of ['faults', 'distractors'] as const) {
		for (const [i, row] of file[list].entries()) lookup.fault(row, [list, i]);
	}
	for (const [i, check] of file.checks.entries()) lookup.check(check, ['checks', i]);
	lookup.require('person', file.ticket.from, ['ticket', 'from']);
	for (const person of Object.keys(file.people)) {
		lookup.require('person', person, ['people', person]);
	}
	for (const [i, { component, mechanism }] of file.alsoRight.entries()) {
		lookup.require('place', component, ['alsoRight', i, 'component']);
		lookup.require('mechanism', mechanism, ['alsoRight', i, 'mechanism']);
	}
	for (const [i, { action }] of file.ticket.symptoms.entries()) {
		lookup.action(action, ['ticket', 'symptoms', i, 'action']);
	}
	for (const list of ['solutions', 'wrong'] as const) {
		for (const [i, run] of file[list].entries()) {
			for (const [j, action] of run.actions.entries()) {
				lookup.action(action, [list, i, 'actions', j]);
			}
		}
	}
	for (const [i, { fails }] of file.wrong.entries()) {
		for (const [j, id] of fails.entries()) lookup.require('failure', id, ['wrong', i, 'fails', j]);
	}
}

/** Looks ids up and collects what was not found. */
class Lookup {
	readonly problems: Problem[] = [];
	readonly #source: YamlSource;
	readonly #known;
	readonly #told = new Set<string>();

	constructor(source: YamlSource, file: ScenarioFile, hospital: HospitalSpec) {
		this.#source = source;
		const ids = (rows: readonly { id: string }[]): Set<string> =>
			new Set(rows.map((row) => row.id));
		const { devices, hosts, people } = hospital;
		const mechanisms = [...FAULT_DEFINITIONS.values()].map((fault) => fault.mechanism);
		this.#known = {
			place: { what: `device or host in ${hospital.id}`, ids: ids([...devices, ...hosts]) },
			device: { what: `device in ${hospital.id}`, ids: ids(devices) },
			modality: {
				what: `modality in ${hospital.id}`,
				ids: ids(devices.filter(({ kind }) => kind === 'modality')),
			},
			person: { what: `person in ${hospital.id}`, ids: ids(people) },
			mechanism: { what: 'mechanism', ids: ids(mechanisms) },
			fault: { what: 'fault of this scenario', ids: ids(file.faults) },
			failure: {
				what: 'check of this scenario or general rule',
				ids: new Set([...ids(file.checks), ...GENERAL_RULES]),
			},
		} satisfies Record<string, Known>;
	}

	require(
		what: 'place' | 'device' | 'modality' | 'person' | 'mechanism' | 'fault' | 'failure',
		id: string,
		keys: Keys,
	): void {
		const known: Known = this.#known[what];
		if (known.ids.has(id)) return;
		const choices = [...known.ids].sort().join(', ') || 'nothing, there is none';
		this.#report(keys, `there is no ${known.what} called "${id}"; choose one of: ${choices}`);
	}

	requireUnique(rows: readonly { id: string }[], list: string, seen: Set<string>): void {
		for (const [i, { id }] of rows.entries()) {
			if (seen.has(id)) {
				this.#report([list, i, 'id'], `the id "${id}" is taken further up; choose a new one`);
			}
			seen.add(id);
		}
	}

	fault({ id: _id, kind, at: _at, ...raw }: ScenarioFile['faults'][number], keys: Keys): void {
		const definition = FAULT_DEFINITIONS.get(kind);
		const parameters = definition && this.#parameters(definition, raw, keys);
		if (!definition || !parameters?.success) return;
		for (const id of definition.refersTo(parameters.data)) this.require('place', id, keys);
	}

	check(row: ScenarioFile['checks'][number], keys: Keys): void {
		const { id: _id, kind, counts: _counts, weight: _weight, ...raw } = row;
		const definition = CHECK_DEFINITIONS.get(kind);
		const parameters = definition && this.#parameters(definition, raw, keys);
		if (!definition || !parameters?.success) return;
		const { modalities = [], people = [], faults = [] } = definition.refersTo(parameters.data);
		for (const id of modalities) this.require('modality', id, keys);
		for (const id of people) this.require('person', id, keys);
		for (const id of faults) this.require('fault', id, keys);
	}

	action(action: Action, keys: Keys): void {
		if ('device' in action) this.require('device', action.device, [...keys, 'device']);
		if ('place' in action) this.require('place', action.place, [...keys, 'place']);
		if ('person' in action) this.require('person', action.person, [...keys, 'person']);
		if (action.kind === 'diagnose') {
			this.require('place', action.component, [...keys, 'component']);
			this.require('mechanism', action.mechanism, [...keys, 'mechanism']);
		}
	}

	#parameters<P>(
		definition: { kind: string; parameters: z.ZodType<P> },
		raw: Record<string, unknown>,
		keys: Keys,
	): z.ZodSafeParseResult<P> {
		const parsed = definition.parameters.safeParse(raw);
		for (const { path, message } of parsed.error?.issues ?? []) {
			this.#report([...keys, ...path], `${[definition.kind, ...path].join('.')}: ${message}`);
		}
		return parsed;
	}

	#report(keys: Keys, message: string): void {
		const problem = this.#source.problem(keys, message);
		// Every choice of a variable is looked at, and most mistakes have nothing to do with it.
		const text = formatProblem(problem);
		if (this.#told.has(text)) return;
		this.#told.add(text);
		this.problems.push(problem);
	}
}
