import type { ExhibitFacts } from '#lib/exam/item/exhibit.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import type { Er7Message } from '#lib/protocol/hl7/message.ts';
import type { MessageParameters } from './changed-message.ts';

/** Where each fact stands; of several places the first that has a value. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
	mrn: ['PID-3.1'],
	priorMrn: ['MRG-1.1'],
	birth: ['PID-7'],
	sex: ['PID-8'],
	account: ['PID-18.1'],
	visit: ['PV1-19.1'],
	placer: ['ORC-2.1', 'OBR-2.1'],
	filler: ['ORC-3.1', 'OBR-3.1'],
	accession: ['IPC-1.1', 'OBR-18'],
	orderControl: ['ORC-1'],
	procedureCode: ['OBR-4.1'],
	procedureText: ['OBR-4.2'],
	studyUid: ['IPC-3.1', 'ZDS-1.1'],
	resultStatus: ['OBR-25'],
	controlId: ['MSH-10'],
	trigger: ['MSH-9.2'],
	sendingApplication: ['MSH-3.1'],
	receivingApplication: ['MSH-5.1'],
	version: ['MSH-12.1'],
	ackCode: ['MSA-1'],
	acknowledgedId: ['MSA-2'],
	errorCode: ['ERR-3.1'],
	time: ['MSH-7.1'],
};

/** What the message says after the author's changes; a place without a value is no fact. */
export function messageFacts(message: Er7Message, { set }: MessageParameters): ExhibitFacts {
	const facts: ExhibitFacts = {};
	for (const [fact, paths] of Object.entries(PLACES)) {
		const value = paths.map((path) => valueAt(message, path).text).find((text) => text !== '');
		if (value !== undefined) facts[fact] = value;
	}
	const family = valueAt(message, 'PID-5.1').text;
	const given = valueAt(message, 'PID-5.2').text;
	if (family !== '') facts['name'] = `${family}^${given}`;
	const first = Object.keys(set ?? {})[0];
	if (first !== undefined) facts['value'] = valueAt(message, first).raw;
	return facts;
}
