import { Interrupted, race, wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { defineCommand, type CommandResult } from '../define-command.ts';
import { findCommand } from '../shell/find-command.ts';
import { secondsNumber } from '../shell/option-parser.ts';

const SECONDS_MAX = 900;
/** The exit code of timeout when it had to end the command. */
const TIMED_OUT = 124;

export const timeout = defineCommand({
	name: 'timeout',
	synopsis: 'timeout seconds command...',
	summary: 'run a command and end it after some seconds',
	details: `At most ${SECONDS_MAX} s; 2m means two minutes. Useful with tcpdump, which would go on until it has enough packets.`,
	*run(context, args) {
		const [duration, name, ...rest] = args;
		if (duration === undefined || name === undefined) {
			return {
				text: "timeout: missing operand\nTry 'help timeout' for more information.",
				exitCode: 125,
			};
		}
		const limit = readDuration(duration);
		if (limit === undefined) {
			return {
				text: `timeout: invalid time interval '${duration}' (0.1 to ${SECONDS_MAX} s)`,
				exitCode: 125,
			};
		}
		const command = findCommand(context, name);
		if (!command || command === timeout) {
			const text = `timeout: failed to run command '${name}': No such file or directory`;
			return { text, exitCode: 127 };
		}
		const { kernel } = context.world;
		const task = kernel.spawn(`timeout ${name}`, untilInterrupted(command.run(context, rest)));
		const first = yield* wait(race({ task, late: kernel.timeout(seconds(limit)) }));
		if (first.winner === 'task') return first.value;
		task.interrupt('SIGTERM');
		return { ...(yield* wait(task)), exitCode: TIMED_OUT };
	},
});

/** A command that does not end gracefully by itself leaves no output. */
function* untilInterrupted(body: Process<CommandResult>): Process<CommandResult> {
	try {
		return yield* body;
	} catch (error) {
		if (error instanceof Interrupted) return { text: '', exitCode: TIMED_OUT };
		throw error;
	}
}

function readDuration(text: string): number | undefined {
	const match = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(text);
	if (!match) return undefined;
	const value = Number(match[1]) * (match[2] === 'm' ? 60 : 1);
	return secondsNumber(String(value), 0.1, SECONDS_MAX);
}
