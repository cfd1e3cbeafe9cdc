import type { WorkbenchView } from '#lib/lab/workbench-view.ts';
import { readStored, writeStored } from '../stored.ts';

export const DOCK_TABS = ['terminal', 'console', 'phone', 'notebook', 'files'] as const;
export type DockTab = (typeof DOCK_TABS)[number];
/** On a narrow screen every region is a tab. */
export type Pane = DockTab | 'ticket' | 'map' | 'activity';
export type DialogName = 'diagnose' | 'close' | 'inform' | 'help';

interface StoredLayout {
	tab: DockTab;
	mapPercent: number;
	activityOpen: boolean | undefined;
	plainShell: boolean;
}

const isStored = (value: unknown): value is Partial<StoredLayout> =>
	typeof value === 'object' && value !== null;

export const MAP_PERCENT_MIN = 15;
export const MAP_PERCENT_MAX = 75;
const MAP_PERCENT_INITIAL = 42;
const KEY = 'workbench-layout';

/** Which panes, tabs and dialogs are open; kept in the browser where it is a habit, not part of the attempt. */
export class WorkbenchLayout {
	tab: DockTab = $state('terminal');
	pane: Pane = $state('ticket');
	shell: string = $state('');
	device: string | undefined = $state();
	node: string | undefined = $state();
	dialog: DialogName | undefined = $state();
	/** Whom the inform dialog is about. */
	person: string | undefined = $state();
	/** Undefined: as wide as the screen allows. */
	activityOpen: boolean | undefined = $state();
	mapPercent = $state(MAP_PERCENT_INITIAL);
	plainShell = $state(false);
	/** Asks the terminal to take the focus; counts up. */
	focusRequests = $state(0);

	constructor(view: WorkbenchView) {
		this.shell = view.shells[0]?.host ?? '';
	}

	load(): void {
		const stored = readStored(KEY, isStored);
		if (stored === undefined) return;
		if (stored.tab !== undefined && DOCK_TABS.includes(stored.tab)) this.tab = stored.tab;
		if (typeof stored.mapPercent === 'number') this.resizeMap(stored.mapPercent);
		this.activityOpen = stored.activityOpen;
		this.plainShell = stored.plainShell === true;
	}

	save(): void {
		const { tab, mapPercent, activityOpen, plainShell } = this;
		writeStored(KEY, { tab, mapPercent, activityOpen, plainShell } satisfies StoredLayout);
	}

	openTab(tab: DockTab): void {
		this.tab = tab;
		this.pane = tab;
	}

	openShell(host: string): void {
		this.shell = host;
		this.openTab('terminal');
		this.focusRequests += 1;
	}

	openDevice(device: string): void {
		this.device = device;
		this.openTab('console');
	}

	openInform(person: string): void {
		this.person = person;
		this.dialog = 'inform';
	}

	resizeMap(percent: number): void {
		this.mapPercent = Math.round(Math.min(MAP_PERCENT_MAX, Math.max(MAP_PERCENT_MIN, percent)));
	}
}
