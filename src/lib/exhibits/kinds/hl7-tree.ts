import type { ExhibitNode } from '#lib/exam/item/exhibit.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import { describeEr7, type Er7Node } from '#lib/protocol/hl7/describe.ts';
import { componentDefinition, fieldDefinition } from '#lib/protocol/hl7/fields.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import { formatPath, parsePath, type Er7Path } from '#lib/protocol/hl7/path.ts';
import { defineExhibit } from '../define-exhibit.ts';
import { changedMessage, messageParameters } from '../hl7/changed-message.ts';
import { messageFacts } from '../hl7/message-facts.ts';

/** Names of segments as HL7 v2.5.1 has them, and ZDS as IHE Radiology has it. */
const SEGMENT_NAMES: Readonly<Record<string, string>> = {
	MSH: 'Message Header',
	EVN: 'Event Type',
	PID: 'Patient Identification',
	PV1: 'Patient Visit',
	MRG: 'Merge Patient Information',
	ORC: 'Common Order',
	TQ1: 'Timing/Quantity',
	OBR: 'Observation Request',
	IPC: 'Imaging Procedure Control',
	ZDS: 'Study Instance UID (IHE)',
	OBX: 'Observation/Result',
	MSA: 'Message Acknowledgment',
	ERR: 'Error',
};

/** The data type of a place, as the tables and, for OBX-5, the message itself give it. */
function dataTypeOf(message: Er7Message, path: Er7Path): string {
	const { segment, occurrence, field, component, subcomponent } = path;
	let type = fieldDefinition(segment, field)?.dataType ?? '';
	if (type === 'Varies' && segment === 'OBX') {
		type = valueAt(message, formatPath({ segment, occurrence, field: 2 })).text;
	}
	for (const number of [component, subcomponent]) {
		if (number !== undefined) type = componentDefinition(type, number)?.dataType ?? '';
	}
	return type;
}

function nodeOf(
	message: Er7Message,
	{ path, name, value, presence, children }: Er7Node,
): ExhibitNode {
	const parsed = parsePath(path);
	return {
		code: path,
		name: 'path' in parsed ? name : (SEGMENT_NAMES[path.slice(0, 3)] ?? ''),
		type: 'path' in parsed ? dataTypeOf(message, parsed.path) : '',
		value: presence === 'delete' ? '""' : value,
		children: children.map((child) => nodeOf(message, child)),
	};
}

export const hl7Tree = defineExhibit({
	kind: 'hl7-tree',
	title: 'HL7 message as a tree',
	doc: 'A version 2 message as rows of path, name, data type and value.',
	parameters: messageParameters,
	make(parameters, { seed }) {
		const message = changedMessage(parameters, seed);
		if ('problem' in message) return message;
		return {
			content: { form: 'tree', nodes: describeEr7(message).map((node) => nodeOf(message, node)) },
			facts: messageFacts(message, parameters),
		};
	},
});
