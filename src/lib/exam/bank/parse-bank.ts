import { YamlSource, type Problem } from '#lib/authored/yaml-source.ts';
import { blueprintSchema, type Blueprint } from '../blueprint/blueprint-schema.ts';
import { objectivesSchema, type Objective } from '../blueprint/objective-schema.ts';
import { sourcesSchema, type Source } from '../blueprint/source-schema.ts';
import { itemSchema, type Item } from '../item/item-schema.ts';
import type { Bank, Origins } from './bank.ts';
import { readingsSchema, type Reading } from './reading-schema.ts';

/** A file below `banks/`. */
export interface BankFile {
	path: string;
	text: string;
}

const FOLDER = /(?:^|\/)(blueprints|objectives|sources|items|readings)\/(?:.*\/)?([^/]+)\.yaml$/;

/**
 * Reads each file by its schema. Files with mistakes are left out and reported; whether names that items use
 * exist is not looked at here.
 */
export function parseBank(files: readonly BankFile[]): {
	bank: Bank;
	origins: Origins;
	problems: Problem[];
} {
	const reading = new BankReading();
	for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) reading.add(file);
	const { blueprints, objectives, sources, items, readings, origins, problems } = reading;
	return { bank: { blueprints, objectives, sources, items, readings }, origins, problems };
}

class BankReading {
	readonly blueprints = new Map<string, Blueprint>();
	readonly objectives = new Map<string, Objective>();
	readonly sources = new Map<string, Source>();
	readonly items = new Map<string, Item>();
	readonly readings = new Map<string, Reading[]>();
	readonly origins = new Map<string, YamlSource>();
	readonly problems: Problem[] = [];

	add({ path, text }: BankFile): void {
		const [, folder, name = ''] = FOLDER.exec(path.replaceAll('\\', '/')) ?? [];
		const source = new YamlSource(path, text);
		if (folder === 'blueprints') this.#addBlueprint(source, name);
		else if (folder === 'objectives') this.#addObjectives(source);
		else if (folder === 'sources') this.#addSources(source);
		else if (folder === 'items') this.#addItem(source, name);
		else if (folder === 'readings') this.#addReadings(source, name);
		else {
			const message = 'not in one of the folders blueprints, objectives, sources, items, readings';
			this.problems.push({ path, line: 1, column: 1, message });
		}
	}

	#read<T>(source: YamlSource, schema: Parameters<typeof source.read<T>>[0]): T | undefined {
		const read = source.read(schema);
		if ('value' in read) return read.value;
		this.problems.push(...read.problems);
		return undefined;
	}

	/** Adds an entry unless its id is taken. */
	#put<T>(
		map: Map<string, T>,
		id: string,
		entry: T,
		source: YamlSource,
		keys: readonly PropertyKey[],
	): boolean {
		if (map.has(id)) {
			this.problems.push(source.problem(keys, `the id "${id}" is taken; choose a new one`));
			return false;
		}
		map.set(id, entry);
		return true;
	}

	/** The name of the file repeats the id, so that files are found and ids are unique. */
	#named(source: YamlSource, name: string, id: string, keys: readonly PropertyKey[]): boolean {
		if (name === id) return true;
		this.problems.push(source.problem(keys, `the file of "${id}" must be called ${id}.yaml`));
		return false;
	}

	#addBlueprint(source: YamlSource, name: string): void {
		const blueprint = this.#read(source, blueprintSchema);
		if (!blueprint) return;
		const id = `${blueprint.exam}-${blueprint.outline}`;
		if (!this.#named(source, name, id, ['exam'])) return;
		const items = blueprint.sections.reduce((sum, section) => sum + section.items, 0);
		if (items !== blueprint.form.scored) {
			const message = `the items of the sections add up to ${items}, form.scored is ${blueprint.form.scored}`;
			this.problems.push(source.problem(['sections'], message));
			return;
		}
		this.#put(this.blueprints, id, blueprint, source, ['exam']);
	}

	#addObjectives(source: YamlSource): void {
		const file = this.#read(source, objectivesSchema);
		file?.objectives.forEach(({ id, title }, i) => {
			const objective = { id, title, domain: file.domain };
			this.#put(this.objectives, id, objective, source, ['objectives', i, 'id']);
		});
	}

	#addSources(source: YamlSource): void {
		const file = this.#read(source, sourcesSchema);
		file?.sources.forEach((work, i) => {
			this.#put(this.sources, work.id, work, source, ['sources', i, 'id']);
		});
	}

	#addItem(source: YamlSource, name: string): void {
		const item = this.#read(source, itemSchema);
		if (!item || !this.#named(source, name, item.id, ['id'])) return;
		if (this.#put(this.items, item.id, item, source, ['id'])) this.origins.set(item.id, source);
	}

	#addReadings(source: YamlSource, name: string): void {
		const file = this.#read(source, readingsSchema);
		if (!file || !this.#named(source, name, file.reader, ['reader'])) return;
		for (const { item, version, digest, agrees, date = file.date } of file.readings) {
			const reading: Reading = { reader: file.reader, date, item, version, digest, agrees };
			const known = this.readings.get(item);
			if (known) known.push(reading);
			else this.readings.set(item, [reading]);
		}
	}
}
