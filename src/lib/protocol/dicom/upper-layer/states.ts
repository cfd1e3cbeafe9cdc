/** The states, each with what is waited for (PS3.8 tables 9-1 to 9-5). */
export const STATES = {
	Sta1: 'idle',
	Sta2: 'transport open, waiting for A-ASSOCIATE-RQ',
	Sta3: 'waiting for the local answer to the association request',
	Sta4: 'waiting for the transport connection',
	Sta5: 'waiting for A-ASSOCIATE-AC or -RJ',
	Sta6: 'association established',
	Sta7: 'waiting for A-RELEASE-RP',
	Sta8: 'waiting for the local release response',
	Sta9: 'release collision, requestor: waiting for the local release response',
	Sta10: 'release collision, acceptor: waiting for A-RELEASE-RP',
	Sta11: 'release collision, requestor: waiting for A-RELEASE-RP',
	Sta12: 'release collision, acceptor: waiting for the local release response',
	Sta13: 'waiting for the transport connection to close',
} as const;

export type State = keyof typeof STATES;

/** The events: service primitives, PDUs, transport and timer (rows of PS3.8 table 9-10). */
export const EVENTS = {
	Evt1: 'A-ASSOCIATE request',
	Evt2: 'transport connection confirmed',
	Evt3: 'A-ASSOCIATE-AC received',
	Evt4: 'A-ASSOCIATE-RJ received',
	Evt5: 'transport connection indicated',
	Evt6: 'A-ASSOCIATE-RQ received',
	Evt7: 'A-ASSOCIATE response, accept',
	Evt8: 'A-ASSOCIATE response, reject',
	Evt9: 'P-DATA request',
	Evt10: 'P-DATA-TF received',
	Evt11: 'A-RELEASE request',
	Evt12: 'A-RELEASE-RQ received',
	Evt13: 'A-RELEASE-RP received',
	Evt14: 'A-RELEASE response',
	Evt15: 'A-ABORT request',
	Evt16: 'A-ABORT received',
	Evt17: 'transport connection closed',
	Evt18: 'ARTIM timer expired',
	Evt19: 'unrecognized or invalid PDU received',
} as const;

export type EventId = keyof typeof EVENTS;
