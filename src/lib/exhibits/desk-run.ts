import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { World } from '#lib/hospital/world.ts';
import { EventBudgetExceeded } from '#lib/kernel/kernel.ts';
import type { Process } from '#lib/kernel/process.ts';
import { minutes } from '#lib/kernel/time.ts';
import type { CommandResult } from '#lib/lab/define-command.ts';
import type { FaultDefinition } from '#lib/lab/define-fault.ts';
import { deskFiles } from '#lib/lab/desk-files.ts';
import { shellContext } from '#lib/lab/shell-context.ts';
import { runLine } from '#lib/lab/shell/run-line.ts';
import { drawCase } from './clinical-case.ts';
import type { ExhibitProblem } from './define-exhibit.ts';

/** A fault of the catalogue with parameters that fit it. */
export interface DeskFault {
	definition: FaultDefinition;
	parameters: unknown;
}

export interface DeskRun {
	seed: string;
	/** The line as typed. */
	run: string;
	fault: DeskFault | undefined;
	/** How long the hospital lives before it. */
	minutes: number;
}

/** More than any command of the desk needs within its time. */
const EVENT_BUDGET = 400_000;

/** What a line at the desk prints in a hospital that has just come to life. */
export function runAtDesk(
	hospital: HospitalSpec,
	{ seed, run, fault, minutes: before }: DeskRun,
): { prompt: string; text: string; exitCode: number } | ExhibitProblem {
	const user = hospital.hosts.find((host) => host.id === hospital.desk)?.shell?.user;
	if (user === undefined) return { problem: 'the desk of the hospital has no shell' };
	const world = new World(hospital, DEVICE_DEFINITIONS, {
		seed,
		epochUs: drawCase(seed).nowUs - minutes(before),
		// Frames are looked at by one command only, and cost time.
		capture: run.includes('tcpdump'),
		eventBudget: EVENT_BUDGET,
	});
	for (const [path, bytes] of deskFiles(world)) {
		world.system(hospital.desk).files.set(path, bytes);
	}
	world.start();
	startSchedule(world);
	try {
		fault?.definition.inject(world, fault.parameters);
		world.kernel.runUntil(minutes(before));
		const result = finish(world, runLine(shellContext(world, hospital.desk, user), run));
		const prompt = `${user}@${hospital.desk}:~$ `;
		return { prompt, text: result.text, exitCode: result.exitCode };
	} catch (error) {
		if (error instanceof EventBudgetExceeded) {
			return { problem: `"${run}" takes too long for an exhibit; write a shorter one` };
		}
		if (error instanceof RangeError) return { problem: error.message };
		throw error;
	}
}

/** Runs a process to its end and gives its result. */
function finish(world: World, body: Process<CommandResult>): CommandResult {
	const results: CommandResult[] = [];
	function* kept(): Process {
		results.push(yield* body);
	}
	world.kernel.runTask(world.kernel.spawn('desk', kept()));
	const [result] = results;
	if (!result) throw new RangeError('the command did not end');
	return result;
}
