import type { Process } from '#lib/kernel/process.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { SiteChanges } from './site.ts';
import type { Stage } from './stage.ts';

/** A kind of exchange between a caller and an archive. */
export interface ExchangeCase {
	changes?: SiteChanges;
	/** What happened before the caller comes. */
	prepare?(stage: Stage): Process;
	/** What the caller does. */
	act(stage: Stage): Process;
	/** How long the exchange is watched after the caller is done; a second unless told otherwise. */
	settleUs?: Micros;
	/** The archive never hears of the caller, so that it has nothing to log. */
	unheard?: true;
}
