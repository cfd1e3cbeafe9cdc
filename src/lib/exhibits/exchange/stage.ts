import type { World } from '#lib/hospital/world.ts';
import type { Random } from '#lib/kernel/random.ts';
import type { Caller } from './caller.ts';
import type { Site } from './site.ts';
import type { WatchedArchive } from './watched-archive.ts';

/** Where a case is played. */
export interface Stage {
	world: World;
	site: Site;
	archive: WatchedArchive;
	caller: Caller;
	/** For what the case itself leaves to chance. */
	random: Random;
	seed: string;
}
