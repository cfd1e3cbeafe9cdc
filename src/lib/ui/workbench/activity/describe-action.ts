import type { FieldValue } from '#lib/hospital/console-view.ts';
import type { Action } from '#lib/lab/action.ts';
import type { WorkbenchView } from '#lib/lab/workbench-view.ts';
import type { IconName } from '../../icons/paths.ts';

export interface ActionWords {
	icon: IconName;
	/** What was done, in a few words. */
	title: string;
	/** With what; may be empty. */
	detail: string;
	/** Whether `detail` is something typed. */
	mono: boolean;
}

type Names = Pick<WorkbenchView, 'map' | 'people' | 'shells' | 'vocabulary'>;

const titleOf = (list: readonly { id: string; title: string }[], id: string) =>
	list.find((item) => item.id === id)?.title ?? id;

const deviceTitle = (view: Names, id: string) =>
	titleOf(
		view.map.nodes.flatMap((node) => node.devices),
		id,
	);

function valueText(value: FieldValue): string {
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	return value === '' ? '(empty)' : String(value);
}

const words = (icon: IconName, title: string, detail = '', mono = false): ActionWords => ({
	icon,
	title,
	detail,
	mono,
});

function commandWords(action: Extract<Action, { kind: 'command' }>, view: Names): ActionWords {
	const shell = view.shells.find((candidate) => candidate.host === action.place);
	return words('terminal', shell?.title ?? action.place, action.line, true);
}

function callWords(action: Extract<Action, { kind: 'call' }>, view: Names): ActionWords {
	const person = view.people.find((candidate) => candidate.id === action.person);
	const topic = person?.topics.find((candidate) => candidate.id === action.topic);
	return words('phone', `Called ${person?.name ?? action.person}`, topic?.label ?? action.topic);
}

function operateWords(action: Extract<Action, { kind: 'operate' }>, view: Names): ActionWords {
	const fields = Object.entries(action.fields).map(([id, value]) => `${id} ${valueText(value)}`);
	const detail = [action.operation, action.row ?? '', ...fields].filter((part) => part !== '');
	return words('console', `Operated ${deviceTitle(view, action.device)}`, detail.join(' · '));
}

const STANDINGS = { suspected: 'Suspected', 'ruled-out': 'Ruled out', remark: 'Noted' } as const;

/** An action in words, for the activity list. */
export function describeAction(action: Action, view: Names): ActionWords {
	switch (action.kind) {
		case 'command':
			return commandWords(action, view);
		case 'look':
			return words('console', `Looked at ${deviceTitle(view, action.device)}`);
		case 'configure': {
			const detail = `${action.setting} = ${valueText(action.value)}`;
			return words('console', `Configured ${deviceTitle(view, action.device)}`, detail);
		}
		case 'operate':
			return operateWords(action, view);
		case 'upload':
			return words('files', 'Uploaded', `${action.name}.dcm`, true);
		case 'call':
			return callWords(action, view);
		case 'inform': {
			const person = view.people.find((candidate) => candidate.id === action.person);
			return words('request', `Told ${person?.name ?? action.person}`, action.text);
		}
		case 'note':
			return words('notebook', STANDINGS[action.standing], action.text);
		case 'diagnose': {
			const component = titleOf(view.vocabulary.components, action.component);
			const mechanism = titleOf(view.vocabulary.mechanisms, action.mechanism);
			return words(
				'diagnose',
				'Diagnosed',
				`${component}: ${mechanism}, ${action.confidence} % sure`,
			);
		}
		case 'wait':
			return words('clock', 'Waited');
		case 'hint':
			return words('hint', 'Took a hint');
		case 'close':
			return words('check', 'Closed the ticket', action.cause);
	}
}
