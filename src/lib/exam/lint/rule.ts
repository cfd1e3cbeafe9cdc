import type { Problem } from '#lib/authored/yaml-source.ts';
import type { Bank, Origins } from '../bank/bank.ts';
import type { ExhibitMaker } from '../item/exhibit.ts';
import type { Instance } from '../item/instance.ts';
import type { Item } from '../item/item-schema.ts';

/** What stands above this folder and knows the formats of the trade. */
export interface FieldKnowledge {
	/** What is wrong with an HL7 v2 message; nothing when it parses. */
	hl7Mistakes: (text: string) => string[];
	/** The entry of a DICOM tag, eight hexadecimal digits in upper case. */
	tag: (tag: string) => { keyword: string; vrs: readonly string[] } | undefined;
	/** The tag with a keyword such as `PatientID`. */
	tagOf: (keyword: string) => string | undefined;
	/** Whether a family name is one that the simulator invents. */
	syntheticName: (family: string) => boolean;
}

/** What the rules may look at. */
export interface LintContext {
	bank: Bank;
	origins: Origins;
	labs: ReadonlySet<string>;
	/** The day of the check, `YYYY-MM-DD`. */
	today: string;
	/** How many seeds each generator is drawn with. */
	seeds: number;
	makeExhibit: ExhibitMaker;
	knowledge: FieldKnowledge;
	/** One instance of the item, always of the same seed; `undefined` when none can be made. */
	instance: (item: Item) => Instance | undefined;
}

/** A mistake and its place in the item file. */
export interface Flaw {
	keys: readonly PropertyKey[];
	message: string;
}

/** A rule that looks at one item at a time. */
export interface ItemRule {
	/** E: error, W: warning. */
	id: string;
	title: string;
	check: (item: Item, context: LintContext) => Iterable<Flaw>;
}

/** A rule about the bank as a whole. */
export interface BankRule {
	id: string;
	title: string;
	check: (context: LintContext) => Iterable<BankFlaw>;
}

export interface BankFlaw {
	message: string;
	/** The item that shows it best, if there is one. */
	item?: string;
	/** A warning, although the rule is one of errors. */
	mild?: boolean;
}

/** A broken rule at a place in a file. */
export interface Finding extends Problem {
	rule: string;
	severity: 'error' | 'warning';
}
