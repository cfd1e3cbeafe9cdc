/** What a strict receiver objects to in a message, as ERR tells it: HL7 v2.5.1 table 0357. */
import { valueAt } from './access.ts';
import { type AcknowledgedError, isSince } from './acknowledgement.ts';
import { levelsOf } from './build.ts';
import { byteLayoutOf } from './character-sets.ts';
import { splitAt } from './delimiters.ts';
import { unescapeText } from './escapes.ts';
import { componentDefinition, type Er7Definition, fieldsOfSegment } from './fields.ts';
import { groupSegments } from './group-segments.ts';
import { type Er7Message, type Er7Segment, fieldsOf } from './message.ts';
import { isPrimitiveValue } from './primitive-values.ts';
import type { StructureElement } from './structure-notation.ts';
import { structureOf } from './structures.ts';
import { tableHas } from './value-tables.ts';

/** What a receiver takes; what is left out means everything that is known here. */
export interface ReceiverProfile {
	/** Message codes and trigger events, "ADT^A08". */
	readonly events?: readonly string[];
	/** MSH-12.1. */
	readonly versions?: readonly string[];
	/** MSH-11.1, of table 0103. */
	readonly processingIds?: readonly string[];
}

/** Remarks on one message; beyond this nobody reads them. */
const MOST_REMARKS = 50;

type Place = NonNullable<AcknowledgedError['location']>;

function remark(code: string, location: Place, userMessage: string): AcknowledgedError {
	return { code, location, severity: 'E', userMessage };
}

/** The codes of table 0357 for which a message is rejected before anybody looks at its content. */
function headerRemarks(message: Er7Message, receiver: ReceiverProfile): AcknowledgedError[] {
	const textOf = (path: string): string => valueAt(message, path).text.trim();
	const remarks: AcknowledgedError[] = [];
	const add = (code: string, field: number, component: number, text: string): void => {
		remarks.push(remark(code, { segment: 'MSH', field, component }, text));
	};
	const [code, event] = [textOf('MSH-9.1'), textOf('MSH-9.2')];
	if (code !== '') {
		const known = structureOf(code, event);
		const codes = receiver.events?.map((one) => one.split('^')[0]);
		if ('unknown' in known && known.unknown === 'code') {
			add('200', 9, 1, `message type ${code} is not supported`);
		} else if (codes !== undefined && !codes.includes(code)) {
			add('200', 9, 1, `message type ${code} is not supported`);
		} else if ('unknown' in known || receiver.events?.includes(`${code}^${event}`) === false) {
			add('201', 9, 2, `event ${event} of ${code} is not supported`);
		}
	}
	const processingId = textOf('MSH-11.1');
	const isProcessed = receiver.processingIds?.includes(processingId) ?? true;
	if (processingId !== '' && (tableHas('0103', processingId) === false || !isProcessed)) {
		add('202', 11, 1, `processing id ${processingId} is not supported`);
	}
	const version = textOf('MSH-12.1');
	const isVersion = receiver.versions?.includes(version) ?? /^2\.\d+(\.\d+)?D?$/.test(version);
	if (version !== '' && !isVersion) {
		add('203', 12, 1, `version ${version} is not supported`);
	}
	return remarks;
}

function structureRemarks(message: Er7Message, structure: StructureElement): AcknowledgedError[] {
	const ids = message.segments.map((segment) => segment.id);
	const { missing, misplaced } = groupSegments(structure, ids);
	return [
		...missing.map(({ segment, group }) =>
			remark('100', { segment }, `${group} has no ${segment}`),
		),
		...misplaced.map((index) => {
			const segment = ids[index]!;
			const occurrence = ids.slice(0, index + 1).filter((id) => id === segment).length;
			return remark('100', { segment, occurrence }, `${segment} is out of its order`);
		}),
	];
}

class FieldChecker {
	readonly remarks: AcknowledgedError[] = [];
	readonly #message: Er7Message;
	readonly #levels: readonly string[];

	constructor(message: Er7Message) {
		this.#message = message;
		this.#levels = levelsOf(message);
	}

	segment(segment: Er7Segment, occurrence: number, isOptional: (field: number) => boolean): void {
		const raws = fieldsOf(segment, this.#message);
		for (const [index, definition] of fieldsOfSegment(segment.id).entries()) {
			const field = index + 1;
			const raw = raws[field] ?? '';
			const place: Place = { segment: segment.id, occurrence, field };
			if (raw === '') {
				if (definition.required && !isOptional(field)) this.#missing(place, definition);
			} else if (raw !== '""' && !(segment.id === 'MSH' && field <= 2)) {
				const varies = segment.id === 'OBX' && field === 5;
				const dataType = varies ? this.#text(raws[2] ?? '') : definition.dataType;
				this.#repetitions(place, { ...definition, dataType }, raw);
			}
		}
	}

	#missing(place: Place, { name }: Er7Definition): void {
		this.remarks.push(remark('101', place, `${name} is required`));
	}

	#text(raw: string): string {
		return unescapeText(raw, this.#message).trim();
	}

	#split(raw: string, level: number): string[] {
		return splitAt(raw, this.#levels[level] ?? '', byteLayoutOf(this.#message.characterSets));
	}

	#repetitions(place: Place, definition: Er7Definition, raw: string): void {
		for (const [index, one] of this.#split(raw, 0).entries()) {
			const here: Place = index === 0 ? place : { ...place, repetition: index + 1 };
			const { table, name } = definition;
			if (table !== undefined && one !== '' && tableHas(table, this.#text(one)) === false) {
				const text = `"${this.#text(one)}" is not in table ${table} (${name})`;
				this.remarks.push(remark('103', here, text));
			}
			this.#parts(here, definition, one, 1);
		}
	}

	/** A value, or its components (level 1) or subcomponents (level 2). */
	#parts(place: Place, definition: Er7Definition, raw: string, level: 1 | 2 | 3): void {
		if (raw === '' || raw === '""') return;
		const first = componentDefinition(definition.dataType, 1);
		if (first === undefined) {
			const text = this.#text(raw);
			if (text === '' || isPrimitiveValue(definition.dataType, text)) return;
			const { name, dataType } = definition;
			this.remarks.push(remark('102', place, `"${text}" is no ${dataType} (${name})`));
		} else if (level === 3) {
			// No delimiter is left to divide it: it stands for its own first component.
			this.#parts(place, first, raw, 3);
		} else {
			for (const [index, part] of this.#split(raw, level).entries()) {
				const inner = componentDefinition(definition.dataType, index + 1);
				const key = level === 1 ? 'component' : 'subcomponent';
				if (inner === undefined) continue;
				this.#parts({ ...place, [key]: index + 1 }, inner, part, level === 1 ? 2 : 3);
			}
		}
	}
}

function fieldRemarks(message: Er7Message): AcknowledgedError[] {
	const checker = new FieldChecker(message);
	const counts = new Map<string, number>();
	// MSH-7 is required since v2.4 only.
	const isOld = !isSince(valueAt(message, 'MSH-12.1').text, 4);
	for (const segment of message.segments) {
		const occurrence = (counts.get(segment.id) ?? 0) + 1;
		counts.set(segment.id, occurrence);
		checker.segment(segment, occurrence, (field) => isOld && segment.id === 'MSH' && field === 7);
		if (checker.remarks.length >= MOST_REMARKS) break;
	}
	return checker.remarks;
}

/**
 * The remarks of a receiver on a message, ready for ERR, at most 50: first those on MSH that reject it
 * (200 to 203), and only without them those on missing and misplaced segments (100), required fields
 * (101), values of the wrong type (102) and values not in their HL7 table (103). Optionality is that of
 * v2.5.1 whatever the version. What the receiver does not expect is no error (section 2.6.2).
 */
export function validateMessage(
	message: Er7Message,
	receiver: ReceiverProfile = {},
): readonly AcknowledgedError[] {
	const rejections = headerRemarks(message, receiver);
	if (rejections.length > 0) return rejections;
	const known = structureOf(
		valueAt(message, 'MSH-9.1').text.trim(),
		valueAt(message, 'MSH-9.2').text.trim(),
	);
	const remarks = [
		...('structure' in known ? structureRemarks(message, known.structure) : []),
		...fieldRemarks(message),
	];
	return remarks.slice(0, MOST_REMARKS);
}
