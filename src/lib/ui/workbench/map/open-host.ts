import type { WorkbenchView } from '#lib/lab/workbench-view.ts';
import type { WorkbenchContext } from '../workbench-context.ts';

type Node = WorkbenchView['map']['nodes'][number];
type Parts = Pick<WorkbenchContext, 'attempt' | 'layout'>;

/**
 * What a click on a host does: the desk opens its shell, anything else its first console, or its shell when
 * it has no console. A screen that costs nothing to reach is looked at when it was never seen.
 */
export function openHost(node: Node, { attempt, layout }: Parts): void {
	layout.node = node.id;
	const device = node.devices[0];
	const isDesk = node.id === attempt.view.shells[0]?.host;
	if (device !== undefined && !isDesk) openDevice(device, { attempt, layout });
	else if (node.shell) layout.openShell(node.id);
}

/** Shows a device's console; a remote one that was never seen is looked at, at once. */
export function openDevice(device: Node['devices'][number], { attempt, layout }: Parts): void {
	layout.openDevice(device.id);
	const free = device.reach === 'remote' && device.minutesAway === 0;
	if (free && !attempt.consoles.has(device.id)) {
		void attempt.act({ kind: 'look', device: device.id });
	}
}
