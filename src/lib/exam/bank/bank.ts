import type { YamlSource } from '#lib/authored/yaml-source.ts';
import type { Blueprint } from '../blueprint/blueprint-schema.ts';
import type { Objective } from '../blueprint/objective-schema.ts';
import type { Source } from '../blueprint/source-schema.ts';
import type { Item } from '../item/item-schema.ts';
import type { Reading } from './reading-schema.ts';

/** Everything authored below `banks/`, by id. */
export interface Bank {
	/** By `<exam>-<outline>`, for example `ciip-2024`. */
	blueprints: ReadonlyMap<string, Blueprint>;
	objectives: ReadonlyMap<string, Objective>;
	sources: ReadonlyMap<string, Source>;
	items: ReadonlyMap<string, Item>;
	/** By the id of the item. */
	readings: ReadonlyMap<string, readonly Reading[]>;
}

/** The files that items came from, by item id: they tell lines and columns. */
export type Origins = ReadonlyMap<string, YamlSource>;
