import {
	Association,
	type AssociationOptions,
	type AssociationOutput,
} from '#lib/protocol/dicom/association.ts';
import { negotiate, type AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import type { Pdu } from '#lib/protocol/dicom/upper-layer/pdu.ts';

export type Side = 'requestor' | 'acceptor';

export interface PairOptions {
	requestor?: Omit<AssociationOptions, 'role'>;
	acceptor?: Omit<AssociationOptions, 'role'>;
	policy: AcceptorPolicy;
	associationsInUse?: number;
	/** Leaves release indications to `onNews`. */
	holdRelease?: boolean;
	/** Cuts everything on the wire into chunks of this size. */
	chunkBytes?: number;
	/** Called for each output that is news for a user, after the harness's own answer. */
	onNews?: (side: Side, output: AssociationOutput, pair: AssociationPair) => void;
}

/** Two associations back to back, without a network: what one sends the other receives. */
export class AssociationPair {
	readonly requestor: Association;
	readonly acceptor: Association;
	/** Every output in the order it was taken. */
	readonly log: { side: Side; output: AssociationOutput }[] = [];
	readonly #options: PairOptions;

	constructor(options: PairOptions) {
		this.#options = options;
		this.requestor = new Association({ role: 'requestor', ...options.requestor });
		this.acceptor = new Association({ role: 'acceptor', ...options.acceptor });
	}

	side(side: Side): Association {
		return side === 'requestor' ? this.requestor : this.acceptor;
	}

	/** Carries out one output; false when neither side has one. */
	step(): boolean {
		for (const side of ['requestor', 'acceptor'] as const) {
			const output = this.side(side).next();
			if (output === undefined) continue;
			this.log.push({ side, output });
			this.#carryOut(side, output);
			return true;
		}
		return false;
	}

	/** Steps until both sides are quiet. */
	drain(maximumSteps = 1_000_000): void {
		for (let steps = 0; this.step(); steps++) {
			if (steps > maximumSteps) throw new Error(`still not quiet after ${maximumSteps} steps`);
		}
	}

	/** PDUs sent by one side. */
	pdus(side: Side): Pdu[] {
		return this.log.flatMap((entry) =>
			entry.side === side && entry.output.kind === 'send' ? [entry.output.pdu] : [],
		);
	}

	/** What one side's user was told. */
	news(side: Side): AssociationOutput[] {
		const mechanics = ['connect', 'send', 'close', 'start-artim', 'stop-artim'];
		return this.log.flatMap((entry) =>
			entry.side === side && !mechanics.includes(entry.output.kind) ? [entry.output] : [],
		);
	}

	#carryOut(side: Side, output: AssociationOutput): void {
		const own = this.side(side);
		const other = this.side(side === 'requestor' ? 'acceptor' : 'requestor');
		switch (output.kind) {
			case 'connect':
				other.transportConnected();
				own.transportConnected();
				return;
			case 'send':
				for (const bytes of output.bytes) this.#deliver(bytes, other);
				return;
			case 'close':
				other.transportClosed();
				return;
			case 'start-artim':
			case 'stop-artim':
				return;
			case 'associate-indication': {
				const { policy, associationsInUse } = this.#options;
				const answer = negotiate(output.rq, policy, associationsInUse ?? 0);
				if (answer.kind === 'A-ASSOCIATE-AC') own.accept(answer);
				else own.reject(answer);
				break;
			}
			case 'release-indication':
				if (this.#options.holdRelease !== true) own.respondRelease();
				break;
		}
		this.#options.onNews?.(side, output, this);
	}

	#deliver(bytes: Uint8Array, other: Association): void {
		const size = this.#options.chunkBytes ?? bytes.length;
		for (let at = 0; at < bytes.length; at += size) other.receive(bytes.slice(at, at + size));
	}
}
