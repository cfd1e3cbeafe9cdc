import { fieldProblem, type OperationResult } from '#lib/hospital/define-device.ts';
import type { Device } from '#lib/hospital/device.ts';
import type { World } from '#lib/hospital/world.ts';
import type { Process } from '#lib/kernel/process.ts';
import { minutes, seconds, type Micros } from '#lib/kernel/time.ts';
import type { Action } from './action.ts';
import { consoleFacts } from './console-facts.ts';
import { topicsOf } from './conversation.ts';
import type { Facts, Observation } from './observation.ts';
import { EFFORT, type Whereabouts } from './reach.ts';
import type { Scenario } from './scenario-schema.ts';
import { shellContext } from './shell-context.ts';
import { runLine } from './shell/run-line.ts';
import { putUpload, type Uploads } from './upload.ts';

/** What carrying out an action needs to know. */
export interface Stage {
	world: World;
	scenario: Scenario;
	whereabouts: Whereabouts;
	/** Hints given so far. */
	hintsTaken: string[];
	uploads: Uploads;
}

/** What an action did and showed. */
export interface Performed {
	observation: Observation;
	facts: Facts;
	/** Whether it changed how things are, beyond everyday work. */
	changed: boolean;
}

type Shown = {
	place: string;
	text: string;
	facts?: Facts;
	changed?: boolean;
	refused?: boolean;
	console?: Observation['console'];
	files?: Observation['files'];
	traffic?: Observation['traffic'];
};

/** Carries out one action in virtual time. Impossible actions are refused in words and change nothing. */
export function* performAction(stage: Stage, action: Action): Process<Performed> {
	const { kernel } = stage.world;
	const startedUs = kernel.nowUs;
	const shown = yield* perform(stage, action);
	const observation: Observation = {
		place: shown.place,
		startedUs,
		endedUs: kernel.nowUs,
		outcome: shown.refused ? 'refused' : 'done',
		text: shown.text,
		...(shown.console ? { console: shown.console } : {}),
		...(shown.files && shown.files.length > 0 ? { files: shown.files } : {}),
		...(shown.traffic ? { traffic: shown.traffic } : {}),
	};
	return {
		observation,
		facts: shown.facts ?? [],
		changed: shown.changed === true && !shown.refused,
	};
}

function* perform(stage: Stage, action: Action): Process<Shown> {
	switch (action.kind) {
		case 'command':
			return yield* runCommand(stage, action);
		case 'look':
		case 'configure':
		case 'operate':
			return yield* useConsole(stage, action);
		case 'upload':
			return yield* upload(stage, action);
		case 'call':
			return yield* callPerson(stage, action);
		case 'inform':
			return yield* informPerson(stage, action);
		case 'note':
			return { place: 'notebook', text: action.text };
		case 'diagnose':
			yield* stage.world.kernel.sleep(EFFORT.diagnose);
			return { place: 'ticket', text: 'Diagnosis entered in the ticket.' };
		case 'wait':
			yield* stage.world.kernel.sleep(seconds(action.seconds));
			return { place: 'desk', text: `Waited ${durationText(seconds(action.seconds))}.` };
		case 'hint':
			return giveHint(stage);
		case 'close':
			yield* stage.world.kernel.sleep(EFFORT.close);
			return { place: 'ticket', text: 'The ticket is closed.' };
	}
}

function refuse(place: string, text: string): Shown {
	return { place, text, refused: true };
}

function durationText(us: Micros): string {
	const total = Math.round(us / 1_000_000);
	if (total < 60) return `${total} s`;
	const rest = total % 60;
	return `${Math.floor(total / 60)} min${rest > 0 ? ` ${rest} s` : ''}`;
}

function* runCommand(stage: Stage, action: Action & { kind: 'command' }): Process<Shown> {
	const { world } = stage;
	const spec = world.spec.hosts.find((host) => host.id === action.place);
	if (!spec?.shell) {
		return refuse(action.place, `There is no shell on ${action.place}. Use the desk or a server.`);
	}
	yield* world.kernel.sleep(stage.whereabouts.goToDesk() + EFFORT.typing);
	const madeSince = filesMadeOn(world, action.place);
	const result = yield* runLine(shellContext(world, action.place, spec.shell.user), action.line);
	return {
		place: action.place,
		text: result.text,
		facts: result.facts ?? [],
		changed: result.changed === true,
		files: madeSince(),
		...(result.traffic ? { traffic: result.traffic } : {}),
	};
}

/** Tells later which files have come into being on a host since now. */
function filesMadeOn(world: World, host: string): () => NonNullable<Observation['files']> {
	const { files } = world.system(host);
	const before = new Set(files.keys());
	return () =>
		[...files]
			.filter(([path]) => !before.has(path))
			.map(([path, bytes]) => ({ path, sizeBytes: bytes.length }));
}

function* upload(stage: Stage, action: Action & { kind: 'upload' }): Process<Shown> {
	const { world, whereabouts, uploads } = stage;
	yield* world.kernel.sleep(whereabouts.goToDesk() + EFFORT.upload);
	const put = putUpload(world, action.name, uploads(action.digest));
	if (!put.ok) return refuse('desk', put.problem);
	const { path, sizeBytes } = put;
	return { place: 'desk', text: `${path} is on your desk.`, files: [{ path, sizeBytes }] };
}

/** How the screen says that it took a while to get there. */
function travelText(device: Device, travelUs: Micros): string {
	if (travelUs < minutes(1)) return '';
	const how =
		device.reach === 'request'
			? 'Asked'
			: device.reach === 'walk'
				? 'Walked to'
				: 'Back at the desk:';
	return `(${how} ${device.title}, ${durationText(travelUs)}.)\n`;
}

function* useConsole(
	stage: Stage,
	action: Action & { kind: 'look' | 'configure' | 'operate' },
): Process<Shown> {
	const { world, whereabouts } = stage;
	const device = world.devices.get(action.device);
	if (!device) return refuse(action.device, `There is no device "${action.device}" here.`);
	const problem = action.kind === 'operate' ? operationProblem(world, device, action) : undefined;
	if (problem) return { ...refuse(device.id, problem), console: world.console(device) };
	const travelUs = whereabouts.goTo(device);
	yield* world.kernel.sleep(travelUs);
	const shown =
		action.kind === 'look'
			? { place: device.id, text: `Looked at ${device.title}.` }
			: action.kind === 'configure'
				? yield* configure(world, device, action)
				: yield* operate(world, device, action);
	const view = world.console(device);
	return {
		...shown,
		text: travelText(device, travelUs) + shown.text,
		facts: [...(shown.facts ?? []), ...consoleFacts(view, 'look')],
		console: view,
	};
}

function* configure(
	world: World,
	device: Device,
	action: Action & { kind: 'configure' },
): Process<Shown> {
	const setting = world
		.definitionOf(device)
		.console.settings.find((candidate) => candidate.id === action.setting);
	const before = setting?.read(device);
	const refusal = world.configure(device, action.setting, action.value);
	if (refusal) return refuse(device.id, refusal);
	yield* world.kernel.sleep(minutes(setting?.minutes ?? 1));
	return {
		place: device.id,
		text: `${setting?.label ?? action.setting}: ${String(before)} → ${String(setting?.read(device))}`,
		changed: true,
	};
}

function operationProblem(
	world: World,
	device: Device,
	action: Action & { kind: 'operate' },
): string | undefined {
	const operation = world.operation(device, action.operation);
	if (!operation) return `${device.title} has no operation "${action.operation}".`;
	if (operation.table && action.row === undefined) return `Choose a row first: ${operation.label}.`;
	for (const field of operation.fields ?? []) {
		const value = action.fields[field.id];
		if (value === undefined || value === '') {
			if (field.required) return `${field.label} is needed.`;
			continue;
		}
		const problem = fieldProblem(field, value);
		if (problem) return problem;
	}
	const known = new Set((operation.fields ?? []).map((field) => field.id));
	const unknown = Object.keys(action.fields).find((id) => !known.has(id));
	return unknown === undefined ? undefined : `${operation.label} has no field "${unknown}".`;
}

function* operate(
	world: World,
	device: Device,
	action: Action & { kind: 'operate' },
): Process<Shown> {
	const operation = world.operation(device, action.operation);
	if (!operation)
		return refuse(device.id, `${device.title} has no operation "${action.operation}".`);
	const madeSince = filesMadeOn(world, world.spec.desk);
	if (!operation.takesItsTime) yield* world.kernel.sleep(minutes(operation.minutes));
	const result: OperationResult = yield* world.operate(device, operation, {
		row: action.row,
		fields: action.fields,
	});
	return {
		place: device.id,
		text: result.text,
		facts: result.facts ?? [],
		changed: operation.effect === 'change',
		files: madeSince(),
		...(result.refused ? { refused: true } : {}),
		...(result.traffic ? { traffic: result.traffic } : {}),
	};
}

function* callPerson(stage: Stage, action: Action & { kind: 'call' }): Process<Shown> {
	const { world, scenario } = stage;
	const person = world.spec.people.find((candidate) => candidate.id === action.person);
	if (!person)
		return refuse('phone', `There is nobody called "${action.person}" in the directory.`);
	const topic = topicsOf(world, scenario, person.id).find((t) => t.id === action.topic);
	if (!topic) return refuse('phone', `${person.name} cannot be asked that.`);
	yield* world.kernel.sleep(stage.whereabouts.goToDesk() + EFFORT.call);
	const answer = yield* topic.answer();
	return {
		place: 'phone',
		text: answer.text,
		facts: answer.facts,
		...(answer.traffic ? { traffic: answer.traffic } : {}),
	};
}

function* informPerson(stage: Stage, action: Action & { kind: 'inform' }): Process<Shown> {
	const person = stage.world.spec.people.find((candidate) => candidate.id === action.person);
	if (!person)
		return refuse('phone', `There is nobody called "${action.person}" in the directory.`);
	yield* stage.world.kernel.sleep(EFFORT.inform);
	return { place: 'phone', text: `${person.name} has been told.` };
}

function giveHint(stage: Stage): Shown {
	const hint = stage.scenario.hints[stage.hintsTaken.length];
	if (hint === undefined) return refuse('ticket', 'There are no more hints.');
	stage.hintsTaken.push(hint);
	return { place: 'ticket', text: hint };
}
