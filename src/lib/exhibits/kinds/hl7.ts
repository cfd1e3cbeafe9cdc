import { formatEr7 } from '#lib/protocol/hl7/describe.ts';
import { defineExhibit } from '../define-exhibit.ts';
import { changedMessage, messageParameters } from '../hl7/changed-message.ts';
import { messageFacts } from '../hl7/message-facts.ts';

export const hl7 = defineExhibit({
	kind: 'hl7',
	title: 'HL7 message',
	doc: 'A version 2 message as it is sent, one segment a line.',
	parameters: messageParameters,
	make(parameters, { seed }) {
		const message = changedMessage(parameters, seed);
		if ('problem' in message) return message;
		return {
			content: { form: 'text', text: formatEr7(message).trimEnd() },
			facts: messageFacts(message, parameters),
		};
	},
});
