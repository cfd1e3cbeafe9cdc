import type { AnswerKey } from '#lib/exam/item/instance.ts';
import type { SlotFeedback, SlotView } from '#lib/ui/exam-data.ts';
import { NotFound } from '../attempts/errors.ts';
import { listAnswerKeys } from '../db/exam-slot-store.ts';
import type { ExamSlotRow } from '../db/exam-slot-store.ts';
import type { Database } from '../db/open.ts';
import { findItemStatistic } from '../db/rating-store.ts';
import { QuestionUnavailable } from './errors.ts';
import type { Instances } from './instances.ts';
import type { QuestionBank } from './question-bank.ts';
import type { Snapshot } from './snapshot.ts';
import { feedbackIsDue, feedbackOf, slotViewOf } from './views.ts';

/** Slots as they may be shown. The only place that reads a key for somebody outside. */
export class SlotViews {
	readonly #db: Database;
	readonly #bank: QuestionBank;
	readonly #instances: Instances;

	constructor(db: Database, bank: QuestionBank, instances: Instances) {
		this.#db = db;
		this.#bank = bank;
		this.#instances = instances;
	}

	/** A slot, with feedback when it is due. Throws NotFound and QuestionUnavailable. */
	of(snapshot: Snapshot, position: number, now: Date): SlotView {
		const slot = snapshot.slots[position];
		if (!slot) throw new NotFound('There is no such question.');
		const question = this.#instances.question(slot, now);
		const due = feedbackIsDue(snapshot, position);
		const feedback = due ? this.#feedback(snapshot, slot) : null;
		const view = slotViewOf(snapshot, position, question, feedback);
		if (!view) throw new NotFound('There is no such question.');
		return view;
	}

	/** The first slot without an answer that can be shown, or else the first of all. */
	firstOpen(snapshot: Snapshot, now: Date): SlotView {
		const { state, slots, plan } = snapshot;
		if (plan.mode === 'placement') return this.of(snapshot, slots.length - 1, now);
		const open = [...state.slots.keys()].filter((i) => state.slots[i]?.response === null);
		for (const position of open) {
			const view = this.tryOf(snapshot, position, now);
			if (view) return view;
		}
		return this.of(snapshot, 0, now);
	}

	/** As `of`, but undefined for a question that can't be shown. */
	tryOf(snapshot: Snapshot, position: number, now: Date): SlotView | undefined {
		try {
			return this.of(snapshot, position, now);
		} catch (error) {
			if (error instanceof QuestionUnavailable) return undefined;
			throw error;
		}
	}

	#feedback(snapshot: Snapshot, slot: ExamSlotRow): SlotFeedback | null {
		const [made] = listAnswerKeys(this.#db, slot.sessionId, [slot.position]);
		if (!made) return null;
		const statistic = findItemStatistic(this.#db, slot.itemId, slot.version);
		const key = made.answerKey as AnswerKey;
		return feedbackOf(this.#bank, snapshot, slot.position, key, statistic);
	}
}
