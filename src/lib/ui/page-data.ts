import type { Action } from '#lib/lab/action.ts';
import type { WorkbenchView } from '#lib/lab/workbench-view.ts';

/** The plain data that pages receive from their load functions and endpoints. */

export interface UserView {
	id: string;
	role: 'guest' | 'trainee' | 'instructor' | 'admin';
	displayName: string;
	email: string | null;
}

export interface LabCard {
	id: string;
	version: number;
	title: string;
	summary: string;
	/** 1 (first day) to 5 (nobody has seen this before). */
	level: number;
	/** What a competent person needs, in virtual minutes. */
	minutes: number;
	kind: 'lab' | 'drill' | 'shift';
	hospitalTitle: string;
	objectives: string[];
	blueprint: { exam: string; code: string }[];
	best: { score: number; at: string } | null;
	openAttemptId: string | null;
}

export interface AttemptSummary {
	id: string;
	scenarioId: string;
	title: string;
	status: 'open' | 'closed';
	startedAt: string;
	closedAt: string | null;
	score: number | null;
	actions: number;
}

export interface ActionRequest {
	/** Index of the new action, which is the length of the history the browser knows. */
	sequence: number;
	/** Made once for each act of the trainee and used again on a retry, so that nothing is done twice. */
	key: string;
	action: Action;
}

export interface ActionResponse {
	entry: WorkbenchView['history'][number];
	view: Omit<WorkbenchView, 'history'>;
}

/** What the server made of an uploaded file: its digest, or why it was not taken. */
export type UploadAnswer = { digest: string; sizeBytes: number } | { message: string };

/** Status 409: another tab acted first; nothing was done. */
export interface ActionConflict {
	error: 'conflict';
	message: string;
	view: WorkbenchView;
}

/** What a failed form action returns. */
export interface FormFailure {
	message: string;
	fields?: Record<string, string>;
	values?: Record<string, string>;
}
