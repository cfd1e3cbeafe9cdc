import { z } from 'zod';
import { defineExhibit } from '../define-exhibit.ts';
import { captureFacts } from '../exchange/capture-facts.ts';
import { EXCHANGE_CASES } from '../exchange/cases.ts';
import { packetText } from '../exchange/packet-text.ts';
import { playExchange } from '../exchange/play.ts';

export const capture = defineExhibit({
	kind: 'capture',
	title: 'Packet capture',
	doc: 'The packets of one exchange as captured at the device that calls, one a line.',
	parameters: z.strictObject({ case: z.enum(Object.keys(EXCHANGE_CASES)) }),
	make({ case: id }, { seed }) {
		const played = playExchange(id, seed);
		return {
			content: { form: 'text', text: packetText(played.caller.packets) },
			facts: captureFacts(played),
		};
	},
});
