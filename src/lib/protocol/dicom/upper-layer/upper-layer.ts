import type { Action, Effect } from './actions.ts';
import { PduReader } from './decode-pdu.ts';
import type { PduDefect, PduReaderLimits } from './decode-pdu.ts';
import { encodePdu, type EncodingRules } from './encode-pdu.ts';
import { Fifo } from './fifo.ts';
import { IllegalPrimitive } from './illegal-primitive.ts';
import { indicationOf, isIndication } from './indication.ts';
import type { UpperLayerOutput } from './output.ts';
import type { AssociateAc, AssociateRj, AssociateRq, Pdu, Pdv } from './pdu.ts';
import { lookUpAction } from './state-table.ts';
import type { EventId, State } from './states.ts';
import { readerLimits } from './upper-layer-options.ts';
import type { UpperLayerOptions } from './upper-layer-options.ts';

/** A-ABORT reason "unexpected PDU" (PS3.8 table 9-26). */
const UNEXPECTED_PDU = 2;

const PDU_EVENTS: Record<Pdu['kind'] | PduDefect['kind'], EventId> = {
	'A-ASSOCIATE-AC': 'Evt3',
	'A-ASSOCIATE-RJ': 'Evt4',
	'A-ASSOCIATE-RQ': 'Evt6',
	'P-DATA-TF': 'Evt10',
	'A-RELEASE-RQ': 'Evt12',
	'A-RELEASE-RP': 'Evt13',
	'A-ABORT': 'Evt16',
	defect: 'Evt19',
};

type Input = { bytes: Uint8Array } | { event: 'Evt2' | 'Evt5' | 'Evt17' | 'Evt18' };

/** What came with an event, for the effects that need it. */
interface Occurrence {
	incoming?: Pdu;
	outgoing?: { pdu: Pdu; bytes: Uint8Array[] };
	/** Reason of an A-ABORT or A-P-ABORT this leads to. */
	reason: number;
	/** What the peer did wrong, unless `incoming` is the wrong thing. */
	cause?: string;
}

/**
 * One end of an association: the DICOM upper layer of PS3.8, without I/O, clock or chance. Feed it
 * service primitives and transport inputs, then carry out what `next()` returns until it returns
 * undefined.
 *
 * - A primitive that table 9-10 does not allow in the present state throws `IllegalPrimitive`; one
 *   whose PDU cannot be encoded throws `PduEncodeError`. Neither changes the state. Inputs from the
 *   peer, the transport and the timer never throw: where the table has no cell they are ignored.
 * - Inputs are handled in the order given, and not beyond an indication the user has not taken yet:
 *   when `next()` returns an indication, `state` is the one it led to, and the user may answer it
 *   even if an abort is waiting in the same chunk.
 * - Chunks are not copied: they must not change after `receive`. Data of P-DATA are views on them.
 * - Bytes that arrive before the transport is connected or after it was closed are ignored.
 * - Back in Sta1 the object may serve another association once the old connection is gone.
 */
export class UpperLayer {
	readonly #role: UpperLayerOptions['role'];
	readonly #limits: PduReaderLimits;
	readonly #inputs = new Fifo<Input>();
	readonly #outputs = new Fifo<UpperLayerOutput>();
	#reader: PduReader;
	#state: State = 'Sta1';
	#unreadIndications = 0;
	#unreadOutputs = 0;
	#unsentBytes = 0;
	#artimRuns = false;
	/** The A-ASSOCIATE-RQ that waits for the transport connection. */
	#request: Occurrence['outgoing'];

	constructor(options: UpperLayerOptions) {
		this.#role = options.role;
		this.#limits = readerLimits(options);
		this.#reader = new PduReader(this.#limits);
	}

	get state(): State {
		return this.#state;
	}

	/**
	 * Bytes to send that `next()` has not handed out yet. A driver whose connection takes no more stops
	 * taking outputs, and stops feeding what it receives: then nothing grows but this.
	 */
	get unsentBytes(): number {
		return this.#unsentBytes;
	}

	/**
	 * A-ASSOCIATE request (Evt1), for a requestor: asks for a connection and sends `rq` once it is
	 * there. With rules `as-given` a request may be wrong on purpose.
	 */
	associate(rq: AssociateRq, rules?: EncodingRules): void {
		if (this.#role !== 'requestor') throw new IllegalPrimitive('Evt1', this.#state);
		const action = this.#actionFor('Evt1');
		this.#request = { pdu: rq, bytes: encodePdu(rq, rules) };
		this.#perform(action, { reason: 0 });
	}

	/** A-ASSOCIATE response, accepted (Evt7). */
	accept(ac: AssociateAc): void {
		this.#primitive('Evt7', ac);
	}

	/** A-ASSOCIATE response, rejected (Evt8); result, source and reason as in PS3.8 table 9-21. */
	reject(rj: Omit<AssociateRj, 'kind'>): void {
		const { result, source, reason } = rj;
		this.#primitive('Evt8', { kind: 'A-ASSOCIATE-RJ', result, source, reason });
	}

	/**
	 * P-DATA request (Evt9): one P-DATA-TF with these PDVs. Keeping to the peer's maximum is the
	 * caller's part.
	 */
	sendData(pdvs: Pdv[]): void {
		this.#primitive('Evt9', { kind: 'P-DATA-TF', pdvs });
	}

	/** A-RELEASE request (Evt11). */
	release(): void {
		this.#primitive('Evt11', { kind: 'A-RELEASE-RQ' });
	}

	/** A-RELEASE response (Evt14). */
	respondRelease(): void {
		this.#primitive('Evt14', { kind: 'A-RELEASE-RP' });
	}

	/**
	 * A-ABORT request (Evt15). A service user's abort has source 0 and reason 0 (PS3.8 9.3.8);
	 * other values are for a layer above that acts as the provider, or for a device that is meant
	 * to misbehave.
	 */
	abort(reason = 0, source = 0): void {
		this.#primitive('Evt15', { kind: 'A-ABORT', source, reason });
	}

	/**
	 * The connection asked for is there (requestor, Evt2), or a peer has connected (acceptor,
	 * Evt5).
	 */
	transportConnected(): void {
		this.#input({ event: this.#role === 'requestor' ? 'Evt2' : 'Evt5' });
	}

	/** The connection was closed, reset, or could not be made (Evt17). */
	transportClosed(): void {
		this.#input({ event: 'Evt17' });
	}

	/** The ARTIM timer ran out (Evt18). Ignored if it was stopped meanwhile. */
	artimExpired(): void {
		this.#input({ event: 'Evt18' });
	}

	/** Bytes from the peer, cut anywhere. */
	receive(chunk: Uint8Array): void {
		this.#input({ bytes: chunk });
	}

	/** The next thing to do or to be told, in order. */
	next(): UpperLayerOutput | undefined {
		if (this.#unreadOutputs === 0) this.#pump();
		const output = this.#outputs.shift();
		if (output) {
			this.#unreadOutputs -= 1;
			if (output.kind === 'send') this.#unsentBytes -= sizeOf(output.bytes);
			else if (isIndication(output)) this.#unreadIndications -= 1;
		}
		return output;
	}

	#input(input: Input): void {
		this.#inputs.push(input);
		this.#pump();
	}

	#pump(): void {
		while (this.#unreadIndications === 0) {
			const received = this.#reader.next();
			if (received) {
				this.#handlePdu(received);
				continue;
			}
			const input = this.#inputs.shift();
			if (!input) return;
			if ('bytes' in input) {
				if (this.#state !== 'Sta1' && this.#state !== 'Sta4') this.#reader.push(input.bytes);
			} else this.#handleEvent(input.event);
		}
	}

	#handlePdu(received: Pdu | PduDefect): void {
		const action = lookUpAction(PDU_EVENTS[received.kind], this.#state);
		if (!action) return;
		if (received.kind === 'defect') {
			this.#perform(action, { reason: received.reason, cause: received.explanation });
		} else {
			this.#perform(action, { incoming: received, reason: UNEXPECTED_PDU });
		}
	}

	#handleEvent(event: 'Evt2' | 'Evt5' | 'Evt17' | 'Evt18'): void {
		if (event === 'Evt18') this.#artimRuns = false;
		const action = lookUpAction(event, this.#state);
		if (!action) return;
		const outgoing = event === 'Evt2' ? this.#request : undefined;
		this.#perform(action, outgoing ? { outgoing, reason: 0 } : { reason: 0 });
	}

	#primitive(event: EventId, pdu: Pdu): void {
		const action = this.#actionFor(event);
		this.#perform(action, { outgoing: { pdu, bytes: encodePdu(pdu) }, reason: 0 });
	}

	#actionFor(event: EventId): Action {
		const action = lookUpAction(event, this.#state);
		if (!action) throw new IllegalPrimitive(event, this.#state);
		return action;
	}

	#perform(action: Action, occurrence: Occurrence): void {
		const { effects, next } = this.#outcome(action, occurrence);
		for (const effect of effects) this.#carryOut(effect, occurrence);
		this.#state = next;
		if (next === 'Sta1') {
			this.#reader = new PduReader(this.#limits);
			this.#request = undefined;
		}
	}

	#outcome(action: Action, { incoming }: Occurrence): Pick<Action, 'effects' | 'next'> {
		switch (action.unless?.condition) {
			case undefined:
				return action;
			case 'association requestor':
				return this.#role === 'requestor' ? action : action.unless;
			case 'protocol version supported': {
				const version = incoming?.kind === 'A-ASSOCIATE-RQ' ? incoming.protocolVersion : 0;
				return (version & 1) === 1 ? action : action.unless;
			}
		}
	}

	#carryOut(effect: Effect, occurrence: Occurrence): void {
		const { incoming, outgoing, reason } = occurrence;
		switch (effect) {
			case 'connect':
			case 'close':
				this.#put({ kind: effect });
				break;
			case 'send':
				if (outgoing) this.#put({ kind: 'send', ...outgoing });
				break;
			case 'send-rejection':
				this.#send(
					{ kind: 'A-ASSOCIATE-RJ', result: 1, source: 2, reason: 2 },
					'protocol version not supported',
				);
				break;
			case 'send-user-abort':
				// Without a primitive (Sta2) the reason is not significant and sent as 0 (PS3.8
				// 9.3.8).
				if (outgoing) this.#put({ kind: 'send', ...outgoing });
				else this.#send({ kind: 'A-ABORT', source: 0, reason: 0 }, this.#causeOf(occurrence));
				break;
			case 'send-provider-abort':
				this.#send({ kind: 'A-ABORT', source: 2, reason }, this.#causeOf(occurrence));
				break;
			case 'indicate':
				if (incoming) this.#put(indicationOf(incoming));
				break;
			case 'indicate-provider-abort':
				this.#put({ kind: 'abort-indication', source: 2, reason, received: false });
				break;
			case 'start-artim':
				this.#artimRuns = true;
				this.#put({ kind: 'start-artim' });
				break;
			case 'stop-artim':
				if (this.#artimRuns) this.#put({ kind: 'stop-artim' });
				this.#artimRuns = false;
				break;
		}
	}

	#causeOf({ incoming, cause }: Occurrence): string | undefined {
		return cause ?? (incoming && `${incoming.kind} received in ${this.#state}`);
	}

	#send(pdu: Pdu, cause = ''): void {
		this.#put({ kind: 'send', pdu, bytes: encodePdu(pdu), cause });
	}

	#put(output: UpperLayerOutput): void {
		this.#outputs.push(output);
		this.#unreadOutputs += 1;
		if (output.kind === 'send') this.#unsentBytes += sizeOf(output.bytes);
		else if (isIndication(output)) this.#unreadIndications += 1;
	}
}

function sizeOf(pieces: readonly Uint8Array[]): number {
	let sizeBytes = 0;
	for (const piece of pieces) sizeBytes += piece.length;
	return sizeBytes;
}
