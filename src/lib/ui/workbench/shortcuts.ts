import { DOCK_TABS, type WorkbenchLayout } from './layout.svelte.ts';

/** The keyboard of the workbench, as the help dialog lists it. */
export const SHORTCUTS: readonly { keys: string; does: string }[] = [
	{ keys: 'Alt+1', does: 'Terminal' },
	{ keys: 'Alt+2', does: 'Console' },
	{ keys: 'Alt+3', does: 'Phone' },
	{ keys: 'Alt+4', does: 'Notebook' },
	{ keys: 'Alt+5', does: 'Files' },
	{ keys: 'Alt+6', does: 'State the root cause' },
	{ keys: 'Alt+0', does: 'Show or hide the activity list' },
	{ keys: '?', does: 'This help (outside of text fields)' },
	{ keys: 'Esc', does: 'Leave the terminal, or close a dialog' },
];

/** The keys of the terminal. */
export const TERMINAL_KEYS: readonly { keys: string; does: string }[] = [
	{ keys: 'Up, Down', does: 'Lines typed before' },
	{ keys: 'Tab', does: 'Complete a command or file name; on an empty line, go on' },
	{ keys: 'Ctrl+C', does: 'Drop the line' },
	{ keys: 'Ctrl+L', does: 'Clear the screen' },
	{ keys: 'Ctrl+A, Ctrl+E', does: 'Start and end of the line' },
	{ keys: 'Ctrl+U, Ctrl+K, Ctrl+W', does: 'Delete to the start, to the end, a word' },
];

const isTextField = (target: EventTarget | null) =>
	target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');

/** Carries out a workbench shortcut; says whether the key was one. */
export function handleShortcut(
	event: KeyboardEvent,
	layout: WorkbenchLayout,
	toggleActivity: () => void,
): boolean {
	if (layout.dialog !== undefined) return false;
	if (event.key === '?' && !event.ctrlKey && !event.metaKey && !isTextField(event.target)) {
		layout.dialog = 'help';
		return true;
	}
	if (!event.altKey || event.ctrlKey || event.metaKey) return false;
	// By position: with Alt held some keyboards give another character.
	const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
	if (digit === undefined) return false;
	const tab = DOCK_TABS[Number(digit) - 1];
	if (tab === 'terminal') layout.openShell(layout.shell);
	else if (tab !== undefined) layout.openTab(tab);
	else if (digit === '6') layout.dialog = 'diagnose';
	else if (digit === '0') toggleActivity();
	else return false;
	return true;
}
