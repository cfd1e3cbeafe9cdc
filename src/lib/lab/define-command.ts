import type { Process } from '#lib/kernel/process.ts';
import type { Host } from '#lib/network/host.ts';
import type { OperatingSystem } from '#lib/hospital/operating-system.ts';
import type { World } from '#lib/hospital/world.ts';

/**
 * The declaration of a command: one file in `commands/` exports one of these. The help text, the terminal's
 * completion and the reference page are derived from it.
 */
export interface CommandDefinition {
	name: string;
	/** As a manual page prints it: `ping [-c count] host`. */
	synopsis: string;
	/** One line. */
	summary: string;
	/** A few lines more, shown by `help name`. */
	details?: string;
	/** Where it exists; everywhere unless told otherwise. */
	only?: 'desk';
	run(context: CommandContext, args: string[]): Process<CommandResult>;
}

export interface CommandContext {
	world: World;
	/** The host whose shell it is. */
	host: Host;
	os: OperatingSystem;
	/** Lines from a pipe, for filters. */
	input: string[] | undefined;
	/** The desk's files and those of this host, by absolute path. */
	readFile(path: string): Uint8Array | undefined;
	listFiles(): { path: string; sizeBytes: number }[];
	/** Leaves a file on this host. */
	writeFile(path: string, bytes: Uint8Array): void;
	/** All commands, for `help`. */
	commands: ReadonlyMap<string, CommandDefinition>;
}

export interface CommandResult {
	/** Standard output and error as the terminal shows them, without a trailing line break. */
	text: string;
	exitCode: number;
	/** Whether it changed how things are, such as stopping a service. */
	changed?: boolean;
	facts?: string[];
	traffic?: { path: string[]; ended: 'answered' | 'refused' | 'lost' }[];
}

/** Declares a command; only gives the parts their common types. */
export function defineCommand(definition: CommandDefinition): CommandDefinition {
	return definition;
}
