/** What the web services need of an archive. */
import type { DataElement, DataSet } from '../dataset/data-set.ts';
import type { QueryLevel, Reference } from './resource.ts';

/** A stored composite object. */
export interface WebInstance {
	readonly sopClassUid: string;
	readonly sopInstanceUid: string;
	readonly seriesInstanceUid: string;
	readonly studyInstanceUid: string;
	readonly transferSyntax: string;
	readonly dataSet: DataSet;
}

/** One match of a search. */
export interface SearchMatch {
	/** The attributes asked for. */
	readonly attributes: DataSet;
	/** Where "all" was asked for: an object that has the further ones, and which of it are meant. */
	readonly object?: DataSet;
	readonly include?: (element: DataElement) => boolean;
}

/** What a search found. */
export interface SearchOutcome {
	/** In an order that stays the same. */
	readonly matches: readonly SearchMatch[];
	/** Keys of the identifier that were not looked at, because this archive does not know them. */
	readonly ignoredKeys: readonly number[];
}

export interface ArchivePort {
	/**
	 * Matches like C-FIND (PS3.4 C.2.2.2): attributes without a value are to be returned. With `all` every
	 * attribute that is known at the level is.
	 */
	search(level: QueryLevel, identifier: DataSet, all: boolean): SearchOutcome;
	/** All instances of a study, series or instance; empty when there is none of that name. */
	instances(reference: Reference): readonly WebInstance[];
}
