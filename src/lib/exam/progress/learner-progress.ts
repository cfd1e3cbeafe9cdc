import { dayOf, knownAt, type Card } from '../repetition/card.ts';
import { wilsonInterval } from '../psychometrics/distributions.ts';
import { dateOfDay } from './days.ts';
import { difficultyOf, passCut, type Difficulties } from './pass-cut.ts';
import { passEstimate, type Evidence, type PassEstimate } from './pass-estimate.ts';
import { Study } from './study.ts';
import type { StudyObjective, StudyOutline } from './study-outline.ts';
import { calendarOf, weeksOf } from './timeline.ts';

/** A learner's first answer to an item, whatever outline it was practised for. */
export interface FirstAnswer {
	itemId: string;
	version: number;
	objective: string;
	correct: boolean;
	guessRate: number;
	/** Milliseconds since 1970. */
	atMs: number;
}

/** What is known of a learner's memory of an objective. */
export interface PlannedCard {
	objective: string;
	card: Card;
	/** Milliseconds since 1970. */
	dueMs: number;
}

export interface LearnerRecord {
	/** Oldest first. */
	firstAnswers: readonly FirstAnswer[];
	cards: readonly PlannedCard[];
	/** Of the form of the outline and of the items answered. */
	difficulties: Difficulties;
	nowMs: number;
	/** The beginning of the day of the exam; null without a date. */
	examMs: number | null;
}

export interface LearnerProgress {
	firstAnswers: number;
	readiness: PassEstimate & {
		coverage: { share: number; covered: number; objectives: number };
		memory: { share: number; at: string };
	};
	domains: {
		code: string;
		title: string;
		weight: number;
		answers: number;
		correct: number;
		share: number | null;
		low: number | null;
		high: number | null;
		coverage: number;
		memory: number;
	}[];
	calendar: { date: string; due: number }[];
	/** The labs of each, none or several. */
	weak: (StudyObjective & { lapses: number; retrievability: number })[];
	weeks: { week: string; answers: number; correct: number }[];
}

const DAY_MS = 86_400_000;
const WEAK_MAX = 12;
/** Who lapsed so often needs more than another question. */
const LAPSES = 2;
const COVERING_ANSWERS = 2;

/**
 * Where a learner stands in an outline. Answers and cards that belong to other outlines are left out. Pass
 * probability, coverage and memory stay three numbers.
 */
export function learnerProgress(outline: StudyOutline, record: LearnerRecord): LearnerProgress {
	const { nowMs, examMs } = record;
	const today = dayOf(nowMs);
	const exam = examMs === null ? today : Math.max(today, dayOf(examMs));
	const cut = passCut(outline.form, record.difficulties);
	const evidence = evidenceOf(outline, record);
	const { firstAnswers, cards } = record;
	const study = new Study(firstAnswers, cards, exam * DAY_MS, cut?.guessRate ?? 0);
	const domains = domainsOf(outline, evidence, study);
	const mean = (value: (domain: (typeof domains)[number]) => number): number =>
		domains.reduce((sum, domain) => sum + domain.weight * value(domain), 0);
	const { byObjective } = outline;
	const covered = [...study.answered()].filter((objective) => {
		return byObjective.has(objective) && study.answers(objective) >= COVERING_ANSWERS;
	});
	const own = cards.filter(({ objective }) => byObjective.has(objective));
	return {
		firstAnswers: evidence.length,
		readiness: {
			...passEstimate(evidence, outline.sections, cut, exam - today),
			coverage: {
				share: mean(({ coverage }) => coverage),
				...{ covered: covered.length, objectives: byObjective.size },
			},
			memory: { share: mean(({ memory }) => memory), at: dateOfDay(exam) },
		},
		domains,
		calendar: calendarOf(own, today),
		weak: weakOf(byObjective, own, nowMs),
		weeks: weeksOf(evidence),
	};
}

type DatedEvidence = Evidence & { atMs: number };

/** What the answers tell about ability: those to items of the outline that count. */
function evidenceOf(
	{ items }: StudyOutline,
	{ firstAnswers, difficulties }: LearnerRecord,
): DatedEvidence[] {
	return firstAnswers.flatMap((answer): DatedEvidence[] => {
		const one = items.get(answer.itemId);
		if (!one || one.item.pilot) return [];
		const { correct, guessRate, atMs, version } = answer;
		const b = difficultyOf({ ...one, version }, difficulties);
		return [{ section: one.section, correct, guessRate, b, atMs }];
	});
}

function domainsOf(
	{ sections, objectives }: StudyOutline,
	evidence: readonly Evidence[],
	study: Study,
): LearnerProgress['domains'] {
	const answers = Map.groupBy(evidence, ({ section }) => section);
	return sections.map(({ code, title, weight }) => {
		const own = answers.get(code) ?? [];
		const correct = own.filter((answer) => answer.correct).length;
		const { low, high } = wilsonInterval(correct, own.length);
		const interval =
			own.length === 0
				? { share: null, low: null, high: null }
				: { share: correct / own.length, low, high };
		const studied = study.of(objectives.get(code) ?? []);
		return { code, title, weight, answers: own.length, correct, ...interval, ...studied };
	});
}

/** Objectives that were wrong the last time or forgotten repeatedly, the most often forgotten first. */
function weakOf(
	byObjective: StudyOutline['byObjective'],
	cards: readonly PlannedCard[],
	nowMs: number,
): LearnerProgress['weak'] {
	const weak = cards.flatMap(({ objective, card }): LearnerProgress['weak'] => {
		const one = byObjective.get(objective);
		const { last, lapses } = card;
		if (!one || (last !== 1 && lapses < LAPSES)) return [];
		return [{ ...one, lapses, retrievability: knownAt(card, nowMs) }];
	});
	return weak
		.sort((a, b) => b.lapses - a.lapses || a.retrievability - b.retrievability)
		.slice(0, WEAK_MAX);
}
