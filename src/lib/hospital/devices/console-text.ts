import { formatIsoLocal, type Micros } from '#lib/kernel/time.ts';

/** `07:40:12` of an absolute time, as tables show it. */
export function clockText(us: Micros): string {
	return formatIsoLocal(us).slice(11);
}
