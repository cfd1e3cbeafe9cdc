import type { IconName } from '../icons/paths.ts';
import type { DockTab, Pane } from './layout.svelte.ts';

interface PaneLabel {
	label: string;
	icon: IconName;
}

export const DOCK_LABELS: Record<DockTab, PaneLabel> = {
	terminal: { label: 'Terminal', icon: 'terminal' },
	console: { label: 'Console', icon: 'console' },
	phone: { label: 'Phone', icon: 'phone' },
	notebook: { label: 'Notebook', icon: 'notebook' },
	files: { label: 'Files', icon: 'files' },
};

/** All regions as tabs, for narrow screens, in the order of work. */
export const NARROW_PANES: readonly (PaneLabel & { id: Pane })[] = [
	{ id: 'ticket', label: 'Ticket', icon: 'ticket' },
	{ id: 'map', label: 'Map', icon: 'map' },
	{ id: 'terminal', ...DOCK_LABELS.terminal },
	{ id: 'console', ...DOCK_LABELS.console },
	{ id: 'phone', ...DOCK_LABELS.phone },
	{ id: 'notebook', ...DOCK_LABELS.notebook },
	{ id: 'files', ...DOCK_LABELS.files },
	{ id: 'activity', label: 'Activity', icon: 'activity' },
];
