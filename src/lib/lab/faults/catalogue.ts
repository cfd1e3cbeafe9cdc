import type { FaultDefinition } from '../define-fault.ts';
import { archiveVolumeFull } from './archive-volume-full.ts';
import { callingAeNotRegistered } from './calling-ae-not-registered.ts';
import { firewallRuleMissing } from './firewall-rule-missing.ts';

/** Every fault kind by name. A new kind is a new file and a line here. */
export const FAULT_DEFINITIONS: ReadonlyMap<string, FaultDefinition> = new Map(
	([archiveVolumeFull, callingAeNotRegistered, firewallRuleMissing] as unknown as FaultDefinition[]).map(
		(definition) => [definition.kind, definition],
	),
);
