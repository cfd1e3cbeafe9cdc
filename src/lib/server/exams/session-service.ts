import type { z } from 'zod';
import type { AnswerKey } from '#lib/exam/item/instance.ts';
import { stepsRequestSchema } from '#lib/exam/session/step.ts';
import type {
	ResultView,
	SessionView,
	SlotView,
	StepsRequest,
	StepsResponse,
} from '#lib/ui/exam-data.ts';
import type { AttemptService } from '../attempts/attempt-service.ts';
import { NotFound } from '../attempts/errors.ts';
import { KeyedLock } from '../attempts/lock.ts';
import { inTransaction } from '../db/connection.ts';
import { findExamSession } from '../db/exam-session-store.ts';
import { listAnswerKeys } from '../db/exam-slot-store.ts';
import type { Database } from '../db/open.ts';
import type { Warn } from '../log.ts';
import type { RateLimit, RateLimits } from '../rate-limit.ts';
import { Instances } from './instances.ts';
import { LabSlots } from './lab-slots.ts';
import { Placement } from './placement.ts';
import type { QuestionBank } from './question-bank.ts';
import type { MockRequest, PracticeRequest } from './requests.ts';
import { SessionStarter } from './session-starter.ts';
import type { StartOutcome } from './session-starter.ts';
import { settle } from './settle.ts';
import type { NewStep } from './settle.ts';
import { SlotViews } from './slot-views.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';
import { objectionTo } from './step-objections.ts';
import { resultViewOf, sessionViewOf } from './views.ts';

interface TooMany {
	kind: 'too-many';
	message: string;
	retryAfterSeconds: number;
}

type ViewOutcome = { kind: 'view'; session: SessionView; slot: SlotView } | TooMany;

type SlotOutcome =
	{ kind: 'slot'; slot: SlotView } | { kind: 'no-way-back'; message: string } | TooMany;

type StepsOutcome =
	| { kind: 'done'; response: StepsResponse }
	| { kind: 'invalid'; message: string; issues: { path: string; message: string }[] }
	| TooMany;

type LabOutcome =
	{ kind: 'bound'; attemptId: string } | { kind: 'refused'; message: string } | TooMany;

/**
 * Begins sessions of questions, takes the steps of candidates, shows and judges. Every function takes the id of
 * the user who asks and throws NotFound for what is not that user's.
 *
 * A session is its plan and a log of steps that is only appended to. Nothing is answered before the append has
 * reached the disk, everything that is shown is computed from the log, and keys leave only when they are due.
 */
export class SessionService {
	readonly #db: Database;
	readonly #bank: QuestionBank;
	readonly #limits: RateLimits;
	readonly #now: () => Date;
	readonly #locks = new KeyedLock();
	readonly #instances: Instances;
	readonly #views: SlotViews;
	readonly #placement: Placement;
	readonly #starter: SessionStarter;
	readonly #labs: LabSlots;

	constructor(options: {
		db: Database;
		bank: QuestionBank;
		attempts: AttemptService;
		limits: RateLimits;
		warn: Warn;
		now: () => Date;
	}) {
		const { db, bank, attempts, limits, warn, now } = options;
		this.#db = db;
		this.#bank = bank;
		this.#limits = limits;
		this.#now = now;
		this.#instances = new Instances(db, bank, warn);
		this.#views = new SlotViews(db, bank, this.#instances);
		this.#placement = new Placement(bank);
		this.#starter = new SessionStarter(db, bank, this.#placement);
		this.#labs = new LabSlots(db, attempts);
	}

	/** Begins a practice, review or placement session. */
	startPractice(userId: string, request: PracticeRequest): StartOutcome {
		const refused = tooMany(this.#limits.examSessions, userId);
		return refused ?? this.#starter.practice(userId, request, this.#now());
	}

	/** Begins a mock exam. */
	startMock(userId: string, request: MockRequest): StartOutcome {
		const refused = tooMany(this.#limits.examSessions, userId);
		return refused ?? this.#starter.mock(userId, request, this.#now());
	}

	/**
	 * A session and the slot at a position counted from 0, or without one the first that is not answered. In a
	 * placement always the open one.
	 */
	async view(userId: string, sessionId: string, position?: number): Promise<ViewOutcome> {
		const refused = tooMany(this.#limits.examSlots, userId);
		return refused ?? this.#locks.run(sessionId, () => this.#view(userId, sessionId, position));
	}

	async #view(userId: string, sessionId: string, position?: number): Promise<ViewOutcome> {
		const snapshot = await this.#current(userId, sessionId);
		const now = this.#now();
		const openOnly = position === undefined || mayNotGoBack(snapshot);
		const slot = openOnly
			? this.#views.firstOpen(snapshot, now)
			: this.#views.of(snapshot, position, now);
		return { kind: 'view', session: sessionViewOf(snapshot, now), slot };
	}

	/** One slot, counted from 0. In a placement only the open one, until it is finished. */
	async slot(userId: string, sessionId: string, position: number): Promise<SlotOutcome> {
		const refused = tooMany(this.#limits.examSlots, userId);
		return refused ?? this.#locks.run(sessionId, () => this.#slot(userId, sessionId, position));
	}

	async #slot(userId: string, sessionId: string, position: number): Promise<SlotOutcome> {
		const snapshot = await this.#current(userId, sessionId);
		if (!snapshot.slots[position]) throw new NotFound('There is no such question.');
		if (mayNotGoBack(snapshot) && position < snapshot.slots.length - 1) {
			return { kind: 'no-way-back', message: 'In a placement check one can’t go back.' };
		}
		return { kind: 'slot', slot: this.#views.of(snapshot, position, this.#now()) };
	}

	/**
	 * Appends steps. `body` is checked here, whatever it is. Steps whose key is known change nothing, so that
	 * the same request may come as often as it likes.
	 */
	async append(userId: string, sessionId: string, body: unknown): Promise<StepsOutcome> {
		const refused = tooMany(this.#limits.examSteps, userId);
		if (refused) return refused;
		const request = stepsRequestSchema.safeParse(body);
		return this.#locks.run(sessionId, async () => {
			const before = await this.#current(userId, sessionId);
			if (!request.success) return invalid(request.error.issues);
			return this.#append(before, request.data.steps);
		});
	}

	#append(before: Snapshot, steps: StepsRequest['steps']): StepsOutcome {
		const objection = objectionTo(before, steps, (slot) => this.#instances.typeOf(slot));
		if (objection) return { kind: 'invalid', message: objection, issues: [] };
		// What is answered is judged by its instance; a browser has seen it already, a script may not have.
		for (const { body } of steps) {
			const slot = body.kind === 'answer' ? before.slots[body.slot] : undefined;
			if (slot && !slot.seenAt) this.#views.tryOf(before, slot.position, this.#now());
		}
		const at = this.#now();
		const after = this.#settle(
			before.session.id,
			steps.map((step) => ({ ...step, at })),
		);
		this.#prefetch(after, steps);
		return { kind: 'done', response: this.#response(after, steps) };
	}

	/** Begins, or finds again, the ticket that answers a slot. */
	async startLab(userId: string, sessionId: string, position: number): Promise<LabOutcome> {
		return this.#locks.run(sessionId, async () => {
			const snapshot = await this.#current(userId, sessionId);
			const slot = snapshot.slots[position];
			const question = slot && this.#instances.question(slot, this.#now());
			if (!slot || question?.type !== 'scenario') throw new NotFound('There is no such ticket.');
			if (slot.attemptId === null && snapshot.session.status === 'finished') {
				return { kind: 'refused', message: 'The session is finished.' };
			}
			return this.#labs.bind(userId, slot, question.scenario);
		});
	}

	/** The result of a finished session; null while it is open. */
	async result(userId: string, sessionId: string): Promise<ResultView | null> {
		return this.#locks.run(sessionId, async () => {
			const snapshot = await this.#current(userId, sessionId);
			if (snapshot.session.status === 'open') return null;
			const positions = snapshot.slots.map(({ position }) => position);
			const labs = listAnswerKeys(this.#db, sessionId, positions).flatMap((row) => {
				const lab = (row.answerKey as AnswerKey).remediate;
				return lab === null ? [] : [[row.position, lab] as const];
			});
			return resultViewOf(this.#bank, snapshot, new Map(labs), this.#now());
		});
	}

	/** The user's session as it stands now: past its deadline it is finished, closed tickets are judged. */
	async #current(userId: string, sessionId: string): Promise<Snapshot> {
		const session = findExamSession(this.#db, sessionId);
		if (session?.userId !== userId) throw new NotFound('There is no such session.');
		const snapshot = takeSnapshot(this.#db, session);
		const labs = await this.#labs.closed(userId, snapshot);
		const { status, deadlineAt } = session;
		const expired = status === 'open' && deadlineAt !== null && this.#now() > deadlineAt;
		return labs.length === 0 && !expired ? snapshot : this.#settle(sessionId, labs);
	}

	#settle(sessionId: string, steps: readonly NewStep[]): Snapshot {
		const now = this.#now();
		return inTransaction(this.#db, (tx) => settle(tx, this.#placement, sessionId, steps, now));
	}

	#response(snapshot: Snapshot, steps: StepsRequest['steps']): StepsResponse {
		const { slots, state } = snapshot;
		const now = this.#now();
		const touched = new Set(steps.map(({ body }) => (body.kind === 'finish' ? -1 : body.slot)));
		if (mayNotGoBack(snapshot)) {
			touched.clear();
			touched.add(slots.length - 1);
		}
		const keys = new Set(steps.map(({ key }) => key));
		return {
			session: sessionViewOf(snapshot, now),
			slots: [...touched].flatMap((position) => {
				return slots[position] ? (this.#views.tryOf(snapshot, position, now) ?? []) : [];
			}),
			ignored: state.ignored.filter(({ key }) => keys.has(key)),
		};
	}

	/** The question after the one that was looked at is made while the candidate reads. */
	#prefetch({ slots, session }: Snapshot, steps: StepsRequest['steps']): void {
		const last = steps.at(-1)?.body;
		if (session.status === 'finished' || !last || last.kind === 'finish') return;
		this.#instances.prefetch(slots[last.slot + 1]);
	}
}

function tooMany(limit: RateLimit, userId: string): TooMany | undefined {
	const allowance = limit.take(userId);
	if (allowance.allowed) return undefined;
	const message = 'That was faster than anybody can work. Please wait a moment.';
	return { kind: 'too-many', message, retryAfterSeconds: allowance.retryAfterSeconds };
}

function mayNotGoBack({ plan, session }: Snapshot): boolean {
	return plan.mode === 'placement' && session.status === 'open';
}

function invalid(issues: z.core.$ZodIssue[]): StepsOutcome {
	return {
		kind: 'invalid',
		message: 'These steps can’t be taken because their description is not valid.',
		issues: issues.map(({ path, message }) => ({ path: path.join('.'), message })),
	};
}
