import type { Action } from '#lib/lab/action.ts';
import type { World } from '#lib/hospital/world.ts';
import { topicsOf } from '#lib/lab/conversation.ts';
import { FAULT_DEFINITIONS } from '#lib/lab/faults/catalogue.ts';
import type { Scenario } from '#lib/lab/scenario-schema.ts';

/** One line that tells what an action is, for stories and reference solutions. */
export function actionText(world: World, scenario: Scenario, action: Action): string {
	const device = (id: string): string => world.devices.get(id)?.title ?? id;
	const person = (id: string): string =>
		world.spec.people.find((candidate) => candidate.id === id)?.name ?? id;
	switch (action.kind) {
		case 'command':
			return `${action.place === world.spec.desk ? '' : `On ${action.place}: `}$ ${action.line}`;
		case 'look':
			return `Look at ${device(action.device)}`;
		case 'configure':
			return `${device(action.device)}: set “${settingLabel(world, action)}” to ${valueText(action.value)}`;
		case 'operate': {
			const target = world.devices.get(action.device);
			const operation = target && world.operation(target, action.operation);
			const fields = Object.entries(action.fields).map(([id, value]) => {
				const label = operation?.fields?.find((field) => field.id === id)?.label ?? id;
				return `${label}: ${valueText(value)}`;
			});
			const details = [...(action.row === undefined ? [] : [action.row]), ...fields].join(', ');
			return `${device(action.device)}: ${operation?.label ?? action.operation}${details ? ` (${details})` : ''}`;
		}
		case 'upload':
			return `Upload ${action.name}.dcm to the desk`;
		case 'call': {
			const topic = topicsOf(world, scenario, action.person).find((t) => t.id === action.topic);
			return `Call ${person(action.person)}: ${topic?.label ?? action.topic}`;
		}
		case 'inform':
			return `Tell ${person(action.person)}: ${action.text}`;
		case 'note':
			return `Note: ${action.text}`;
		case 'diagnose':
			return `Diagnosis: ${device(action.component)}: ${mechanismTitle(action.mechanism)}, ${action.confidence} % sure`;
		case 'wait':
			return `Wait ${Math.round(action.seconds / 6) / 10} min`;
		case 'hint':
			return 'Ask for a hint';
		case 'close':
			return 'Close the ticket';
	}
}

function valueText(value: string | number | boolean): string {
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	return String(value);
}

function settingLabel(world: World, action: Action & { kind: 'configure' }): string {
	const device = world.devices.get(action.device);
	const settings = device ? world.definitionOf(device).console.settings : [];
	return settings.find((setting) => setting.id === action.setting)?.label ?? action.setting;
}

function mechanismTitle(id: string): string {
	const fault = [...FAULT_DEFINITIONS.values()].find(({ mechanism }) => mechanism.id === id);
	return fault?.mechanism.title ?? id;
}
