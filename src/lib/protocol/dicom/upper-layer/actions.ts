import type { State } from './states.ts';

/** The steps actions are made of. */
export type Effect =
	| 'connect'
	/** The PDU of the service primitive. */
	| 'send'
	/** A-ASSOCIATE-RJ 1/2/2, protocol version not supported. */
	| 'send-rejection'
	/** A-ABORT with source 0. */
	| 'send-user-abort'
	/** A-ABORT with source 2 and the reason. */
	| 'send-provider-abort'
	/** Tell the user of the PDU received. */
	| 'indicate'
	/** Tell the user A-P-ABORT. */
	| 'indicate-provider-abort'
	| 'close'
	| 'start-artim'
	| 'stop-artim';

interface Outcome {
	effects: readonly Effect[];
	next: State;
}

/** An action; `unless` gives the outcome for the case that its condition does not hold. */
export interface Action extends Outcome {
	description: string;
	unless?: Outcome & { condition: 'protocol version supported' | 'association requestor' };
}

/** The actions (PS3.8 tables 9-6 to 9-9). */
export const ACTIONS = {
	'AE-1': { description: 'ask for a transport connection', effects: ['connect'], next: 'Sta4' },
	'AE-2': { description: 'send A-ASSOCIATE-RQ', effects: ['send'], next: 'Sta5' },
	'AE-3': { description: 'confirm the acceptance', effects: ['indicate'], next: 'Sta6' },
	'AE-4': {
		description: 'confirm the rejection and close',
		effects: ['indicate', 'close'],
		next: 'Sta1',
	},
	'AE-5': {
		description: 'take the connection, start ARTIM',
		effects: ['start-artim'],
		next: 'Sta2',
	},
	'AE-6': {
		description: 'stop ARTIM; indicate the request, or reject its protocol version',
		effects: ['stop-artim', 'indicate'],
		next: 'Sta3',
		unless: {
			condition: 'protocol version supported',
			effects: ['stop-artim', 'send-rejection', 'start-artim'],
			next: 'Sta13',
		},
	},
	'AE-7': { description: 'send A-ASSOCIATE-AC', effects: ['send'], next: 'Sta6' },
	'AE-8': {
		description: 'send A-ASSOCIATE-RJ, start ARTIM',
		effects: ['send', 'start-artim'],
		next: 'Sta13',
	},
	'DT-1': { description: 'send P-DATA-TF', effects: ['send'], next: 'Sta6' },
	'DT-2': { description: 'indicate the data', effects: ['indicate'], next: 'Sta6' },
	'AR-1': { description: 'send A-RELEASE-RQ', effects: ['send'], next: 'Sta7' },
	'AR-2': { description: 'indicate the release', effects: ['indicate'], next: 'Sta8' },
	'AR-3': {
		description: 'confirm the release and close',
		effects: ['indicate', 'close'],
		next: 'Sta1',
	},
	'AR-4': {
		description: 'send A-RELEASE-RP, start ARTIM',
		effects: ['send', 'start-artim'],
		next: 'Sta13',
	},
	'AR-5': { description: 'stop ARTIM', effects: ['stop-artim'], next: 'Sta1' },
	'AR-6': { description: 'indicate data after our release', effects: ['indicate'], next: 'Sta7' },
	'AR-7': { description: "send data after the peer's release", effects: ['send'], next: 'Sta8' },
	'AR-8': {
		description: 'indicate the release: both sides asked at once',
		effects: ['indicate'],
		next: 'Sta9',
		unless: { condition: 'association requestor', effects: ['indicate'], next: 'Sta10' },
	},
	'AR-9': { description: 'send A-RELEASE-RP', effects: ['send'], next: 'Sta11' },
	'AR-10': { description: 'confirm the release', effects: ['indicate'], next: 'Sta12' },
	'AA-1': {
		description: 'send A-ABORT as service user, start or restart ARTIM',
		effects: ['send-user-abort', 'start-artim'],
		next: 'Sta13',
	},
	'AA-2': {
		description: 'stop ARTIM if it runs, and close',
		effects: ['stop-artim', 'close'],
		next: 'Sta1',
	},
	'AA-3': {
		description: 'indicate the abort received, and close',
		effects: ['indicate', 'close'],
		next: 'Sta1',
	},
	'AA-4': {
		description: 'indicate A-P-ABORT: the connection is gone',
		effects: ['indicate-provider-abort'],
		next: 'Sta1',
	},
	'AA-5': { description: 'stop ARTIM', effects: ['stop-artim'], next: 'Sta1' },
	'AA-6': { description: 'ignore the PDU', effects: [], next: 'Sta13' },
	'AA-7': { description: 'send A-ABORT', effects: ['send-provider-abort'], next: 'Sta13' },
	'AA-8': {
		description: 'send A-ABORT as service provider, indicate A-P-ABORT, start ARTIM',
		effects: ['send-provider-abort', 'indicate-provider-abort', 'start-artim'],
		next: 'Sta13',
	},
} as const satisfies Record<string, Action>;

export type ActionId = keyof typeof ACTIONS;
