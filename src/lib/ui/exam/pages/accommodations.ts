import type { Accommodation } from '#lib/exam/session/plan.ts';

/** Time that a candidate may choose to have, in words. */
export const ACCOMMODATIONS: { value: Accommodation; label: string }[] = [
	{ value: '1', label: 'Standard time' },
	{ value: '1.25', label: 'One quarter more' },
	{ value: '1.5', label: 'Half as much again' },
	{ value: '2', label: 'Twice the time' },
	{ value: 'untimed', label: 'Without a limit' },
];
