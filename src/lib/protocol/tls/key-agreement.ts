/** From the shared secret to the keys, and the Finished messages: what both sides do alike. */
import { sameBytes } from '../x509/der.ts';
import {
	generateEc,
	sharedSecret,
	type CurveName,
	type EcPrivate,
} from '../x509/elliptic-curve.ts';
import type { RandomBytes } from '../x509/random-bytes.ts';
import type { CipherSuite } from './cipher-suites.ts';
import { GROUPS } from './extensions.ts';
import { MESSAGE } from './handshake-messages.ts';
import { HandshakeFault, type HandshakeLink } from './handshake-link.ts';
import {
	connectionKeys,
	keyLogLine,
	masterSecret,
	transcriptHash,
	verifyData,
	type DirectionKeys,
	type Randoms,
} from './key-schedule.ts';

/** An ephemeral key for a group. */
export function ephemeralKey(group: number, random: RandomBytes): EcPrivate {
	return generateEc(random, curveOf(group));
}

/** The curve of a group; a fault for one that was not offered. */
export function curveOf(group: number): CurveName {
	const known = GROUPS.find(({ code }) => code === group);
	if (!known) throw new HandshakeFault('illegal_parameter', 'wrong curve');
	return known.curve;
}

/** The secrets of one connection, from the key exchange on. */
export class Secrets {
	readonly #suite: CipherSuite;
	readonly #master: Uint8Array;
	readonly keys: { readonly client: DirectionKeys; readonly server: DirectionKeys };
	readonly keyLogLine: string;

	/** To be made when the transcript ends with ClientKeyExchange. */
	constructor(
		link: HandshakeLink,
		suite: CipherSuite,
		randoms: Randoms,
		exchange: { own: EcPrivate; peerPoint: Uint8Array; extendedMasterSecret: boolean },
	) {
		const preMaster = sharedSecret(exchange.own, exchange.peerPoint);
		if (!preMaster) throw new HandshakeFault('illegal_parameter', 'wrong curve');
		this.#suite = suite;
		this.#master = masterSecret(
			suite.hash,
			preMaster,
			exchange.extendedMasterSecret
				? { sessionHash: transcriptHash(suite.hash, link.transcript) }
				: randoms,
		);
		link.progress.masterSecret = this.#master;
		this.keys = connectionKeys(suite, this.#master, randoms);
		this.keyLogLine = keyLogLine(randoms.client, this.#master);
	}

	sendFinished(link: HandshakeLink, role: 'client' | 'server'): void {
		link.sendChangeCipherSpec(this.keys[role]);
		const { hash } = this.#suite;
		link.send(MESSAGE.finished, verifyData(hash, this.#master, role, link.transcript));
	}

	/** Checks the peer's Finished, which is the last message of the transcript. */
	checkFinished(link: HandshakeLink, sender: 'client' | 'server', body: Uint8Array): void {
		const before = link.transcript.slice(0, -1);
		if (!sameBytes(verifyData(this.#suite.hash, this.#master, sender, before), body)) {
			throw new HandshakeFault('decrypt_error', 'digest check failed');
		}
	}
}
