import type { DeviceDefinition } from '../define-device.ts';
import { archive } from './archive.ts';
import { firewall } from './firewall.ts';
import { modality } from './modality.ts';
import { ris } from './ris.ts';
import { workstation } from './workstation.ts';

/** Every device kind by name. A new kind is a new file and a line here. */
export const DEVICE_DEFINITIONS: ReadonlyMap<string, DeviceDefinition> = new Map(
	([archive, firewall, modality, ris, workstation] as unknown as DeviceDefinition[]).map(
		(definition) => [definition.kind, definition],
	),
);
