import { coverage, memoryReadiness } from '../psychometrics/coverage.ts';
import { knownAt, type Card } from '../repetition/card.ts';
import type { StudyObjective } from './study-outline.ts';

/** What a learner has met and remembers of objectives. */
export class Study {
	readonly #answers = new Map<string, number>();
	readonly #cards: ReadonlyMap<string, Card>;
	readonly #atMs: number;
	readonly #guessRate: number;

	/** Memory is reckoned for the instant `atMs`; what was never met is guessed. */
	constructor(
		firstAnswers: readonly { objective: string }[],
		cards: readonly { objective: string; card: Card }[],
		atMs: number,
		guessRate: number,
	) {
		for (const { objective } of firstAnswers) {
			this.#answers.set(objective, (this.#answers.get(objective) ?? 0) + 1);
		}
		this.#cards = new Map(cards.map(({ objective, card }) => [objective, card]));
		this.#atMs = atMs;
		this.#guessRate = guessRate;
	}

	/** First answers to items of an objective. */
	answers(objective: string): number {
		return this.#answers.get(objective) ?? 0;
	}

	/** Objectives with an answer. */
	answered(): Iterable<string> {
		return this.#answers.keys();
	}

	card(objective: string): Card | undefined {
		return this.#cards.get(objective);
	}

	/** Coverage and memory readiness, 0..1, of the objectives of a section. */
	of(objectives: readonly StudyObjective[]): { coverage: number; memory: number } {
		const alone = [{ domain: '', weight: 1 }];
		const rows = objectives.map(({ objective }) => {
			const card = this.card(objective);
			const retrievability = card && knownAt(card, this.#atMs);
			return { domain: '', firstAnswers: this.answers(objective), retrievability };
		});
		return {
			coverage: coverage(rows, alone),
			memory: memoryReadiness(rows, alone, this.#guessRate),
		};
	}
}
