import type { ConsoleView } from '#lib/hospital/console-view.ts';
import type { Action } from '#lib/lab/action.ts';
import type { Observation } from '#lib/lab/observation.ts';
import type { WorkbenchView } from '#lib/lab/workbench-view.ts';
import type { ActionRequest } from '../page-data.ts';
import type { Reply, Transport } from './post-action.ts';

export type HistoryEntry = WorkbenchView['history'][number];
export type Diagnosis = Extract<Action, { kind: 'diagnose' }>;

/** A console as it was last seen; screens are not watched while nobody looks at them. */
export interface SeenConsole {
	console: ConsoleView;
	sequence: number;
	atUs: number;
}

export interface Failure {
	message: string;
	/** Whether sending the same act again may help. */
	retry: boolean;
	waitSeconds?: number;
}

interface Pending {
	request: ActionRequest;
	settle: (observation: Observation | undefined) => void;
}

/**
 * One open attempt in the browser: the view, and the only way to act on it. One act runs at a time; an act
 * that could not be sent is kept, and `retry` sends it again with the same key, so it is never done twice.
 */
export class AttemptState {
	view: WorkbenchView = $state.raw() as WorkbenchView;
	/** The act under way, or kept after a failure. */
	pending: Action | undefined = $state.raw();
	sending = $state(false);
	failure: Failure | undefined = $state.raw();
	/** Something the trainee should know that is not a failure, such as an act of another tab. */
	notice: string | undefined = $state();
	/** The newest entry that came back from an act of this page; the map animates its traffic. */
	latest: HistoryEntry | undefined = $state.raw();

	readonly busy = $derived(this.pending !== undefined);
	readonly closed = $derived(this.view.status === 'closed');
	readonly consoles = $derived(consolesSeen(this.view.history));
	readonly diagnosis = $derived(lastDiagnosis(this.view.history));

	#kept: Pending | undefined;
	readonly #transport: Transport;
	readonly #newKey: () => string;

	constructor(
		view: WorkbenchView,
		transport: Transport,
		newKey: () => string = () => crypto.randomUUID(),
	) {
		this.view = view;
		this.#transport = transport;
		this.#newKey = newKey;
	}

	/**
	 * Does one thing. Resolves with what it showed, or with undefined when it was not done (another act is
	 * under way, the act was given up, or another tab acted first). Stays open while a retry is possible.
	 */
	act(action: Action): Promise<Observation | undefined> {
		if (this.#kept !== undefined || this.closed) return Promise.resolve(undefined);
		return new Promise((settle) => {
			const request = { sequence: this.view.history.length, key: this.#newKey(), action };
			this.#kept = { request, settle };
			this.pending = action;
			this.notice = undefined;
			void this.#send();
		});
	}

	/** Sends the kept act again, with the same sequence number and key. */
	retry(): void {
		if (this.#kept !== undefined && !this.sending) void this.#send();
	}

	/** Gives the kept act up. If the server did receive it, the next act reports a conflict and catches up. */
	giveUp(): void {
		if (!this.sending) this.#finish(undefined);
	}

	dismissNotice(): void {
		this.notice = undefined;
	}

	async #send(): Promise<void> {
		const kept = this.#kept;
		if (kept === undefined) return;
		this.sending = true;
		this.failure = undefined;
		const reply = await this.#transport(kept.request);
		this.sending = false;
		this.#receive(reply);
	}

	#receive(reply: Reply): void {
		if (reply.kind === 'done') {
			const { entry, view } = reply.response;
			this.view = { ...view, history: [...this.view.history.slice(0, entry.sequence), entry] };
			this.latest = entry;
			this.#finish(entry.observation);
		} else if (reply.kind === 'conflict') {
			this.view = reply.conflict.view;
			this.notice =
				'Another tab acted on this ticket first, so your last step was not done. This is the newer state.';
			this.#finish(undefined);
		} else if (reply.kind === 'later') {
			const { message, waitSeconds } = reply;
			this.failure = {
				message,
				retry: true,
				...(waitSeconds === undefined ? {} : { waitSeconds }),
			};
		} else {
			this.#finish(undefined);
			this.failure = { message: reply.message, retry: false };
		}
	}

	#finish(observation: Observation | undefined): void {
		const kept = this.#kept;
		this.#kept = undefined;
		this.pending = undefined;
		this.failure = undefined;
		kept?.settle(observation);
	}
}

function consolesSeen(history: readonly HistoryEntry[]): ReadonlyMap<string, SeenConsole> {
	// Made anew whenever the history changes, never changed afterwards.
	// eslint-disable-next-line svelte/prefer-svelte-reactivity
	const seen = new Map<string, SeenConsole>();
	for (const { sequence, observation } of history) {
		const { console: view, endedUs } = observation;
		if (view !== undefined) seen.set(view.device, { console: view, sequence, atUs: endedUs });
	}
	return seen;
}

function lastDiagnosis(history: readonly HistoryEntry[]): Diagnosis | undefined {
	return history.map((entry) => entry.action).findLast((action) => action.kind === 'diagnose');
}
