import type { ConsoleView } from '#lib/hospital/console-view.ts';
import type { Micros } from '#lib/kernel/time.ts';

/** What an action showed. */
export interface Observation {
	/** Where it comes from: a host, a device, or `phone`, `desk`, `ticket`. */
	place: string;
	startedUs: Micros;
	endedUs: Micros;
	/** `refused`: the action was not possible; `text` says why and what to do instead. Nothing changed. */
	outcome: 'done' | 'refused';
	/** For eyes: terminal output, what a person said, what a screen confirmed. */
	text: string;
	/** The console as it looks now, when a device was looked at, configured or operated. */
	console?: ConsoleView;
	/** Files that came into being on the desk, such as captures. */
	files?: { path: string; sizeBytes: number }[];
	/** Hosts along which the action's own traffic ran, with how it ended; the map animates it. */
	traffic?: { path: string[]; ended: 'answered' | 'refused' | 'lost' }[];
}

/**
 * Canonical, time-free statements for the machine, for example `echo pacs from ct2: rejected 1/1/3`.
 * Kept apart from the observation because they never leave the server.
 */
export type Facts = string[];
