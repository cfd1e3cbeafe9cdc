/** Something an operator should know; `kind` is stable and can be searched for. */
export interface Warning {
	kind:
		| 'replay-diverged'
		| 'grading-failed'
		| 'unexpected-error'
		| 'content-problem'
		| 'gateway-failed';
	message: string;
	[detail: string]: string | number;
}

export type Warn = (warning: Warning) => void;

/** Writes one line of JSON to standard error. */
export function logWarning(warning: Warning): void {
	console.error(JSON.stringify({ at: new Date().toISOString(), ...warning }));
}
