import type { AnswerKey, Question } from '#lib/exam/item/instance.ts';
import type { Mark, Response } from '#lib/exam/item/response.ts';
import type { Accommodation, SessionMode } from '#lib/exam/session/plan.ts';
import type { StepBody } from '#lib/exam/session/step.ts';

/** The plain data of the pages about questions and exams. Instants are ISO texts. */

export interface OutlineCard {
	/** For example `ciip-2024`. */
	id: string;
	title: string;
	body: string;
	caveat: string;
	form: { scored: number; unscored: number; minutes: number };
	sections: { code: string; title: string; items: number; available: number }[];
	/** Live items that serve it. */
	available: number;
	/** Scored questions of the largest form by the weights that the bank supports; at most `form.scored`. */
	largest: number;
}

export interface SessionSummary {
	id: string;
	title: string;
	mode: SessionMode;
	outline: string;
	status: 'open' | 'finished';
	startedAt: string;
	finishedAt: string | null;
	deadline: string | null;
	slots: number;
	answered: number;
	/** Scored items right, of those scored; null while open. */
	score: { correct: number; scored: number } | null;
}

/** A session as the runner shows it. Carries no key, no rationale and no hint of what is scored. */
export interface SessionView {
	id: string;
	title: string;
	mode: SessionMode;
	outline: string;
	feedback: 'at-once' | 'at-end';
	certainty: boolean;
	accommodation: Accommodation;
	status: 'open' | 'finished';
	/** The server's clock when this was made; the browser only shows the difference to the deadline. */
	now: string;
	startedAt: string;
	deadline: string | null;
	/** False in a placement check, where one can't go back. */
	canGoBack: boolean;
	/** In a placement more slots may come. */
	openEnded: boolean;
	slots: SlotSummary[];
}

export interface SlotSummary {
	position: number;
	/** `checked`: the verdict was shown. `late`: answered after the deadline only. */
	state: 'new' | 'seen' | 'answered' | 'checked' | 'late';
	flagged: boolean;
	/** Only once feedback is due. */
	correct: boolean | null;
}

export interface Highlight {
	part: string;
	from: number;
	to: number;
}

export interface SlotView {
	position: number;
	question: Question;
	response: Response | null;
	struck: string[];
	highlights: Highlight[];
	note: string;
	flagged: boolean;
	certainty: 'low' | 'mid' | 'high' | null;
	/** Present exactly when the mode allows it: after `check`, or after the session was finished. */
	feedback: SlotFeedback | null;
}

export interface SlotFeedback {
	mark: Mark;
	key: AnswerKey;
	/** Citations ready to print. */
	references: { cite: string; section: string; edition: string; url: string; checked: string }[];
	section: { code: string; title: string };
	objective: { id: string; title: string };
	/** Points of certainty-based marking, where it was on. */
	certaintyPoints: number | null;
	scored: boolean;
	/** The lab that cures the misunderstanding, when there is one. */
	lab: { id: string; title: string } | null;
	/** Share of first answers by other candidates for each choice, once there are at least 30; null before. */
	others: Record<string, number> | null;
}

/** Body of POST /sessions/[id]/steps. */
export interface StepsRequest {
	steps: { key: string; body: StepBody }[];
}

/** 200: all steps are on the disk. */
export interface StepsResponse {
	session: SessionView;
	/** The slots that the steps touched, as they are now. */
	slots: SlotView[];
	/** Steps that were kept but changed nothing, and why, by key: after the deadline, or already checked. */
	ignored: { key: string; reason: string }[];
}

export interface ResultView {
	session: SessionView;
	/** Right of scored. */
	score: { correct: number; scored: number; unscored: number; answered: number; late: number };
	/** 95 % Wilson interval of the share that is right, 0..1. */
	interval: { low: number; high: number };
	sections: { code: string; title: string; correct: number; scored: number }[];
	seconds: { used: number; allowed: number | null; median: number };
	slots: {
		position: number;
		title: string;
		section: string;
		correct: boolean | null;
		scored: boolean;
		flagged: boolean;
		seconds: number;
	}[];
	/** In a placement: the estimate, and how sure it is. */
	placement: { theta: number; se: number; asked: number; reason: string } | null;
	/** Objectives that were missed, weakest first, with the lab that cures each where there is one. */
	weak: { id: string; title: string; missed: number; lab: { id: string; title: string } | null }[];
}

export interface PracticePage {
	outlines: OutlineCard[];
	/** The outline the learner prepares for. */
	outline: string;
	due: { today: number; overdue: number; next: string | null };
	counts: { unseen: number; missed: number; flagged: number };
	open: SessionSummary[];
	ownBanks: { id: string; title: string; items: number }[];
}

export interface ExamsPage {
	outlines: OutlineCard[];
	outline: string;
	open: SessionSummary[];
	history: SessionSummary[];
}

export interface ProgressPage {
	outlines: { id: string; title: string }[];
	outline: string;
	caveat: string;
	/** ISO date, or null. */
	examDate: string | null;
	firstAnswers: number;
	/** Three separate numbers; never blended. */
	readiness: {
		/** Null until there is enough to say something; `why` says what is missing. */
		pass: {
			probability: number;
			low: number;
			high: number;
			word: 'likely' | 'too close to call' | 'not yet';
		} | null;
		why: string | null;
		coverage: { share: number; covered: number; objectives: number };
		memory: { share: number; at: string };
	};
	domains: {
		code: string;
		title: string;
		weight: number;
		answers: number;
		correct: number;
		/** Share right with its 95 % interval; null without answers. */
		share: number | null;
		low: number | null;
		high: number | null;
		coverage: number;
		memory: number;
	}[];
	/** Reviews due on each of the next days, today first (overdue counted today). */
	calendar: { date: string; due: number }[];
	weak: {
		id: string;
		title: string;
		domain: string;
		lapses: number;
		retrievability: number | null;
		lab: { id: string; title: string } | null;
	}[];
	history: { at: string; title: string; correct: number; scored: number; sessionId: string }[];
	/** Share of first answers right by week. */
	weeks: { week: string; answers: number; correct: number }[];
	/** Certainty against results, where it was stated. */
	certainty: { certainty: 'low' | 'mid' | 'high'; answers: number; correct: number }[];
}

export interface OwnBank {
	id: string;
	title: string;
	createdAt: string;
	format: string;
	items: { id: string; type: Question['type']; title: string }[];
}

/** What became of an imported file. */
export interface ImportReport {
	format: string;
	accepted: {
		id: string;
		type: Question['type'];
		title: string;
		line: number | null;
		notes: string[];
	}[];
	refused: { title: string; line: number | null; reason: string }[];
}
