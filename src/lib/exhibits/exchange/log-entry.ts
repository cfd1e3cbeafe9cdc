import type { Micros } from '#lib/kernel/time.ts';

/** A line that a program wrote to its log. */
export interface LogEntry {
	/** Kernel time. */
	atUs: Micros;
	level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
	text: string;
}
