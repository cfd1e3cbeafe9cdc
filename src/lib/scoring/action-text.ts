import type { Action } from '#lib/lab/action.ts';
import type { World } from '#lib/hospital/world.ts';
import { topicsOf } from '#lib/lab/conversation.ts';
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
			return `${device(action.device)}: set ${action.setting} to ${String(action.value)}`;
		case 'operate': {
			const target = world.devices.get(action.device);
			const label = target && world.operation(target, action.operation)?.label;
			const fields = Object.entries(action.fields)
				.map(([field, value]) => `${field} ${String(value)}`)
				.join(', ');
			return `${device(action.device)}: ${label ?? action.operation}${fields ? ` (${fields})` : ''}`;
		}
		case 'call': {
			const topic = topicsOf(world, scenario, action.person).find((t) => t.id === action.topic);
			return `Call ${person(action.person)}: ${topic?.label ?? action.topic}`;
		}
		case 'inform':
			return `Tell ${person(action.person)}: ${action.text}`;
		case 'note':
			return `Note: ${action.text}`;
		case 'diagnose':
			return `Diagnosis: ${device(action.component)}, ${action.mechanism}, ${action.confidence} % sure`;
		case 'wait':
			return `Wait ${Math.round(action.seconds / 6) / 10} min`;
		case 'hint':
			return 'Ask for a hint';
		case 'close':
			return 'Close the ticket';
	}
}
