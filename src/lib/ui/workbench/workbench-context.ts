import { createContext } from 'svelte';
import type { AttemptState } from './attempt-state.svelte.ts';
import type { Drafts } from './drafts.svelte.ts';
import type { WorkbenchLayout } from './layout.svelte.ts';
import type { ShellSessions } from './terminal/shell-sessions.svelte.ts';

/** What every part of the workbench works with. */
export interface WorkbenchContext {
	attemptId: string;
	attempt: AttemptState;
	layout: WorkbenchLayout;
	drafts: Drafts;
	shells: ShellSessions;
}

export const [getWorkbench, setWorkbench] = createContext<WorkbenchContext>();
