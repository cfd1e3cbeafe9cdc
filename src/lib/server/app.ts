import { AttemptService } from './attempts/attempt-service.ts';
import { Catalogue } from './attempts/catalogue.ts';
import type { AttemptEngine } from './attempts/engine.ts';
import type { Database } from './db/open.ts';
import type { ExamContent } from './exams/content.ts';
import { ExamPages } from './exams/exam-pages.ts';
import { OwnBankService } from './exams/own-banks.ts';
import { ProgressPages } from './exams/progress.ts';
import { QuestionBank } from './exams/question-bank.ts';
import { SessionService } from './exams/session-service.ts';
import { logWarning } from './log.ts';
import type { Warn } from './log.ts';
import { createRateLimits } from './rate-limit.ts';
import type { RateLimits } from './rate-limit.ts';
import { UploadService } from './uploads/upload-service.ts';

/** What the pages and endpoints work with. */
export interface App {
	db: Database;
	limits: RateLimits;
	attempts: AttemptService;
	catalogue: Catalogue;
	/** Files that users bring into their labs. */
	uploads: UploadService;
	/** Sessions of questions. */
	sessions: SessionService;
	/** The pages on which practice and exams are chosen. */
	exams: ExamPages;
	/** What a learner has reached. */
	progress: ProgressPages;
	/** The questions that users brought themselves. */
	ownBanks: OwnBankService;
}

/** Puts the services together over an open database, a simulator and a question bank. */
export function createApp(options: {
	db: Database;
	engine: AttemptEngine;
	questions: ExamContent;
	worldsMax: number;
	limits?: RateLimits;
	warn?: Warn;
	/** The clock of sessions. */
	now?: () => Date;
}): App {
	const { db, engine, warn = logWarning, now = () => new Date() } = options;
	const limits = options.limits ?? createRateLimits();
	const attempts = new AttemptService({ ...options, limits });
	const ownBanks = new OwnBankService({ db, now });
	const bank = new QuestionBank({ ...options.questions, ownBanks }, engine.scenarios);
	return {
		...{ db, limits, attempts, ownBanks },
		catalogue: new Catalogue(db, engine),
		uploads: new UploadService({ db, limits, now }),
		sessions: new SessionService({ db, bank, attempts, limits, warn, now }),
		exams: new ExamPages({ db, bank, now }),
		progress: new ProgressPages({ db, bank, now }),
	};
}
