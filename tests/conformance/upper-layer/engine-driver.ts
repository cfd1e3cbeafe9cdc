import type { UpperLayerOutput } from '#lib/protocol/dicom/upper-layer/output.ts';
import type { State } from '#lib/protocol/dicom/upper-layer/states.ts';
import { UpperLayer } from '#lib/protocol/dicom/upper-layer/upper-layer.ts';
import type { UpperLayerOptions } from '#lib/protocol/dicom/upper-layer/upper-layer-options.ts';
import { acceptance, request, wire } from './pdu-fixtures.ts';

export type Role = UpperLayerOptions['role'];

/** Takes all outputs, each in one line of text. */
export function drain(engine: UpperLayer): string[] {
	const lines: string[] = [];
	for (let output = engine.next(); output; output = engine.next()) lines.push(describe(output));
	return lines;
}

function describe(output: UpperLayerOutput): string {
	if (output.kind === 'send') {
		const { pdu } = output;
		if (pdu.kind === 'A-ABORT') return `send A-ABORT ${pdu.source}/${pdu.reason}`;
		if (pdu.kind === 'A-ASSOCIATE-RJ') {
			return `send A-ASSOCIATE-RJ ${pdu.result}/${pdu.source}/${pdu.reason}`;
		}
		return `send ${pdu.kind}`;
	}
	if (output.kind === 'abort-indication') {
		const origin = output.received ? 'received' : 'own';
		return `abort-indication ${output.source}/${output.reason} ${origin}`;
	}
	return output.kind;
}

const OPENING: Record<Role, (engine: UpperLayer) => void> = {
	requestor: (engine) => {
		engine.associate(request());
		engine.transportConnected();
		engine.receive(wire('A-ASSOCIATE-AC'));
	},
	acceptor: (engine) => {
		engine.transportConnected();
		engine.receive(wire('A-ASSOCIATE-RQ'));
		engine.accept(acceptance());
	},
};

type Step = (engine: UpperLayer) => void;

const open = (role: Role): Step[] => [OPENING[role]];
const collide = (role: Role): Step[] => [
	OPENING[role],
	(engine) => engine.release(),
	(engine) => engine.receive(wire('A-RELEASE-RQ')),
];

/** How each state is reached by real inputs, for the roles that can reach it. */
const PATHS: Record<State, Partial<Record<Role, Step[]>>> = {
	Sta1: { requestor: [], acceptor: [] },
	Sta2: { acceptor: [(e) => e.transportConnected()] },
	Sta3: { acceptor: [(e) => e.transportConnected(), (e) => e.receive(wire('A-ASSOCIATE-RQ'))] },
	Sta4: { requestor: [(e) => e.associate(request())] },
	Sta5: { requestor: [(e) => e.associate(request()), (e) => e.transportConnected()] },
	Sta6: { requestor: open('requestor'), acceptor: open('acceptor') },
	Sta7: {
		requestor: [...open('requestor'), (e) => e.release()],
		acceptor: [...open('acceptor'), (e) => e.release()],
	},
	Sta8: {
		requestor: [...open('requestor'), (e) => e.receive(wire('A-RELEASE-RQ'))],
		acceptor: [...open('acceptor'), (e) => e.receive(wire('A-RELEASE-RQ'))],
	},
	Sta9: { requestor: collide('requestor') },
	Sta10: { acceptor: collide('acceptor') },
	Sta11: { requestor: [...collide('requestor'), (e) => e.respondRelease()] },
	Sta12: { acceptor: [...collide('acceptor'), (e) => e.receive(wire('A-RELEASE-RP'))] },
	Sta13: {
		requestor: [...open('requestor'), (e) => e.abort()],
		acceptor: [...open('acceptor'), (e) => e.abort()],
	},
};

/** An engine in the state, with its outputs taken; undefined if the role never comes there. */
export function engineIn(state: State, role: Role): UpperLayer | undefined {
	const path = PATHS[state][role];
	if (!path) return undefined;
	const engine = new UpperLayer({ role });
	for (const step of path) {
		step(engine);
		drain(engine);
	}
	return engine;
}

/** As `engineIn`, for a role that does come there. */
export function engineAt(state: State, role: Role): UpperLayer {
	const engine = engineIn(state, role);
	if (!engine) throw new Error(`no ${role} reaches ${state}`);
	return engine;
}
