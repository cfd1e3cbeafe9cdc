import type { Pdv } from '../upper-layer/pdu.ts';
import type { CommandSet } from './command-dictionary.ts';
import { decodeCommandSet, encodeCommandSet } from './command-set.ts';
import { FragmentBuffer, joinParts } from './fragment-buffer.ts';
import { NO_DATA_SET } from './services.ts';

/** A DIMSE message on a presentation context (PS3.7 6.3). The data set is opaque here. */
export interface DimseMessage {
	contextId: number;
	command: CommandSet;
	/** The data set's bytes in order, as unjoined views. Absent when the command says that none follows. */
	data?: Uint8Array[];
}

/** PDV length field, context id and message control header (PS3.8 9.3.5.1, Annex E). */
const PDV_OVERHEAD_BYTES = 6;
/** The smallest maximum length with which anything can be sent: the overhead and one even fragment. */
const MINIMUM_MAXIMUM_LENGTH_BYTES = PDV_OVERHEAD_BYTES + 2;
/** Peers without a limit, or with an enormous one, still get PDUs of a sane size. */
const LARGEST_SENT_LENGTH_BYTES = 1024 * 1024;
/** Bounds the objects made for one message when a peer announces a tiny maximum. */
const MAXIMUM_FRAGMENTS = 1024 * 1024;

export type Fragmentation =
	| { ok: true; pdus: Pdv[][] }
	| { ok: false; error: 'maximum-length-too-small' | 'too-many-fragments' };

/**
 * Cuts a message into PDVs, one P-DATA-TF each: first the command, then the data set. Fragments are even
 * (PS3.8 Annex E); only the last one of an odd data set is odd, and such a data set is itself wrong.
 * Fragments are views; bytes are copied only where a fragment spans two parts of `data`.
 *
 * @param maximumLengthBytes the peer's maximum length (PS3.8 D.1); 0 means no limit, 1 to 7 is a failure
 */
export function fragmentMessage(message: DimseMessage, maximumLengthBytes: number): Fragmentation {
	if (maximumLengthBytes !== 0 && maximumLengthBytes < MINIMUM_MAXIMUM_LENGTH_BYTES) {
		return { ok: false, error: 'maximum-length-too-small' };
	}
	const limit =
		maximumLengthBytes === 0
			? LARGEST_SENT_LENGTH_BYTES
			: Math.min(maximumLengthBytes, LARGEST_SENT_LENGTH_BYTES);
	const fragmentBytes = (limit - PDV_OVERHEAD_BYTES) & ~1;
	const command = [encodeCommandSet(message.command)];
	const data = message.data ?? [];
	const fragmentCount = Math.ceil((sizeOf(command) + sizeOf(data)) / fragmentBytes);
	if (fragmentCount > MAXIMUM_FRAGMENTS) return { ok: false, error: 'too-many-fragments' };
	const pdus: Pdv[][] = [];
	cut(command, fragmentBytes, message.contextId, true, pdus);
	if (message.data !== undefined) cut(data, fragmentBytes, message.contextId, false, pdus);
	return { ok: true, pdus };
}

function sizeOf(parts: readonly Uint8Array[]): number {
	return parts.reduce((sum, part) => sum + part.length, 0);
}

function cut(
	parts: readonly Uint8Array[],
	fragmentBytes: number,
	contextId: number,
	isCommand: boolean,
	pdus: Pdv[][],
): void {
	let left = sizeOf(parts);
	let part = 0;
	let offset = 0;
	do {
		const wanted = Math.min(left, fragmentBytes);
		const pieces: Uint8Array[] = [];
		let missing = wanted;
		while (missing > 0) {
			const piece = parts[part]!.subarray(offset, offset + missing);
			if (piece.length > 0) pieces.push(piece);
			missing -= piece.length;
			offset += piece.length;
			if (offset === parts[part]!.length) {
				part += 1;
				offset = 0;
			}
		}
		left -= wanted;
		pdus.push([{ contextId, isCommand, isLast: left === 0, data: joinParts(pieces) }]);
	} while (left > 0);
}

/** Why received PDVs do not form a message; `abortReason` is the A-ABORT reason of PS3.8 table 9-26. */
export interface AssemblyDefect {
	defect: string;
	/** 5 unexpected parameter: right in itself, wrong here. 6 invalid value. 0 a limit of our own. */
	abortReason: 0 | 5 | 6;
}

export interface MessageLimits {
	/** Default 64 KiB. */
	maximumCommandBytes?: number;
	/** Default 512 MiB. */
	maximumDataSetBytes?: number;
}

/**
 * Puts messages together from PDVs. Order decides (PS3.7 6.3, PS3.8 Annex E): all command fragments, then
 * all data fragments, on one context, messages never interleaved. Odd and empty fragments are accepted.
 *
 * Abort reason 5: a data PDV when no data set is due (also after a command that announced none), a command
 * PDV when a data set is due or unfinished, a PDV on another context within a message.
 * Abort reason 6: a context that was not accepted, a command set that cannot be read.
 * Abort reason 0: a command or data set over the limit.
 *
 * After the first defect every further PDV is ignored.
 */
export class MessageAssembler {
	readonly #isAcceptedContext: (contextId: number) => boolean;
	readonly #maximumCommandBytes: number;
	readonly #maximumDataSetBytes: number;
	#stage: 'between-messages' | 'command' | 'data' | 'defective' = 'between-messages';
	#contextId = 0;
	#command: CommandSet | undefined;
	#fragments = new FragmentBuffer();

	constructor(isAcceptedContext: (contextId: number) => boolean, limits: MessageLimits = {}) {
		this.#isAcceptedContext = isAcceptedContext;
		this.#maximumCommandBytes = limits.maximumCommandBytes ?? 64 * 1024;
		this.#maximumDataSetBytes = limits.maximumDataSetBytes ?? 512 * 1024 * 1024;
	}

	/** Takes the PDVs of one P-DATA-TF and returns what they completed, in order. */
	push(pdvs: readonly Pdv[]): (DimseMessage | AssemblyDefect)[] {
		const results: (DimseMessage | AssemblyDefect)[] = [];
		for (const pdv of pdvs) {
			if (this.#stage === 'defective') break;
			const result = this.#take(pdv);
			if (result === undefined) continue;
			if ('defect' in result) this.#stage = 'defective';
			results.push(result);
		}
		return results;
	}

	#take(pdv: Pdv): DimseMessage | AssemblyDefect | undefined {
		const misplaced = this.#misplaced(pdv);
		if (misplaced !== undefined) return misplaced;
		if (this.#stage === 'between-messages') {
			this.#stage = 'command';
			this.#contextId = pdv.contextId;
		}
		this.#fragments.add(pdv.data);
		const limit = pdv.isCommand ? this.#maximumCommandBytes : this.#maximumDataSetBytes;
		if (this.#fragments.sizeBytes > limit) {
			const part = pdv.isCommand ? 'command' : 'data set';
			return { defect: `${part} longer than ${limit} bytes`, abortReason: 0 };
		}
		if (!pdv.isLast) return undefined;
		const parts = this.#fragments.finish();
		this.#fragments = new FragmentBuffer();
		return pdv.isCommand ? this.#endCommand(parts) : this.#endData(parts);
	}

	#misplaced(pdv: Pdv): AssemblyDefect | undefined {
		if (!this.#isAcceptedContext(pdv.contextId)) {
			return { defect: `presentation context ${pdv.contextId} not accepted`, abortReason: 6 };
		}
		if (this.#stage !== 'between-messages' && pdv.contextId !== this.#contextId) {
			return { defect: 'presentation context changed within a message', abortReason: 5 };
		}
		if (pdv.isCommand && this.#stage === 'data') {
			return { defect: 'command before the data set ended', abortReason: 5 };
		}
		if (!pdv.isCommand && this.#stage !== 'data') {
			return { defect: 'data set without a command that announces it', abortReason: 5 };
		}
		return undefined;
	}

	#endCommand(parts: Uint8Array[]): DimseMessage | AssemblyDefect | undefined {
		const decoding = decodeCommandSet(joinParts(parts));
		if (!decoding.ok) {
			return {
				defect: `command set at byte ${decoding.offset}: ${decoding.error}`,
				abortReason: 6,
			};
		}
		const command = decoding.commandSet;
		if (command.CommandDataSetType === NO_DATA_SET) {
			this.#stage = 'between-messages';
			return { contextId: this.#contextId, command };
		}
		this.#stage = 'data';
		this.#command = command;
		return undefined;
	}

	#endData(data: Uint8Array[]): DimseMessage {
		this.#stage = 'between-messages';
		return { contextId: this.#contextId, command: this.#command!, data };
	}
}
