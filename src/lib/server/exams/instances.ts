import type { Instance, Question } from '#lib/exam/item/instance.ts';
import type { Item } from '#lib/exam/item/item-schema.ts';
import { makeInstance } from '#lib/exam/item/make-instance.ts';
import { guessRate } from '#lib/exam/session/guess-rate.ts';
import { inTransaction } from '../db/connection.ts';
import type { Connection } from '../db/connection.ts';
import { findPinnedItem, findQuestion, insertInstance, updateSlot } from '../db/exam-slot-store.ts';
import type { ExamSlotRow } from '../db/exam-slot-store.ts';
import type { Database } from '../db/open.ts';
import type { Warn } from '../log.ts';
import { QuestionUnavailable } from './errors.ts';
import type { QuestionBank } from './question-bank.ts';

/** So many instances are kept in memory. */
const INSTANCES_MAX = 500;
const TITLE_LENGTH = 90;

/** Makes the questions of slots at their first view and keeps them, so that a session is the same for ever. */
export class Instances {
	readonly #db: Database;
	readonly #bank: QuestionBank;
	readonly #warn: Warn;
	readonly #made = new Map<string, Instance>();

	constructor(db: Database, bank: QuestionBank, warn: Warn) {
		this.#db = db;
		this.#bank = bank;
		this.#warn = warn;
	}

	/** The question of a slot. Throws QuestionUnavailable when it cannot be made; it does not count then. */
	question(slot: ExamSlotRow, now: Date): Question {
		const { sessionId, position } = slot;
		const kept = slot.seenAt && findQuestion(this.#db, sessionId, position);
		if (kept) return kept as Question;
		const { question, key } = this.#instance(slot);
		const title = titleOf(question);
		inTransaction(this.#db, (tx) => {
			const rate = guessRate(question);
			insertInstance(tx, { sessionId, position, guessRate: rate, answerKey: key, question });
			if (!slot.seenAt) updateSlot(tx, slot, { seenAt: now, title });
		});
		return question;
	}

	/** What kind of answer a slot takes. */
	typeOf(slot: ExamSlotRow): Question['type'] {
		return pinnedItem(this.#db, slot).type;
	}

	/** Makes the instance of a slot that will probably be asked for next, once nothing else waits. */
	prefetch(slot: ExamSlotRow | undefined): void {
		if (!slot || slot.seenAt) return;
		setImmediate(() => {
			try {
				this.#instance(slot);
			} catch {
				// The request that needs it will meet the same error and report it.
			}
		});
	}

	#instance(slot: ExamSlotRow): Instance {
		const { itemId, version, digest, seed } = slot;
		const name = [itemId, version, digest, seed].join(' ');
		const known = this.#made.get(name);
		this.#made.delete(name);
		const instance = known ?? this.#make(slot);
		// Deleting first makes the map's order the order of use.
		this.#made.set(name, instance);
		if (this.#made.size > INSTANCES_MAX) {
			const oldest = this.#made.keys().next();
			if (!oldest.done) this.#made.delete(oldest.value);
		}
		return instance;
	}

	#make(slot: ExamSlotRow): Instance {
		const item = pinnedItem(this.#db, slot);
		const made = makeInstance(item, slot.seed, this.#bank.content.makeExhibit);
		if ('instance' in made) return made.instance;
		this.#warn({
			kind: 'content-problem',
			message: `${slot.itemId}, seed ${slot.seed}: ${made.problem}`,
		});
		updateSlot(this.#db, slot, { scored: false });
		throw new QuestionUnavailable('This question can’t be shown. It does not count.');
	}
}

/** The text of an item as the session pinned it; it had been checked before. */
export function pinnedItem(
	db: Connection,
	slot: Pick<ExamSlotRow, 'itemId' | 'version' | 'digest'>,
): Item {
	return findPinnedItem(db, slot) as Item;
}

function titleOf({ stem, leadIn }: Question): string {
	const words = `${stem} ${leadIn}`.replace(/[`*_#>|]/g, '').split(/\s+/);
	let title = '';
	for (const word of words) {
		if (title.length + word.length + 1 > TITLE_LENGTH) return `${title} …`;
		title = title === '' ? word : `${title} ${word}`;
	}
	return title;
}
