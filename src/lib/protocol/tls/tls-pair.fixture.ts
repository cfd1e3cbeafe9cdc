import { Random } from '#lib/kernel/random.ts';
import { parseIsoLocal } from '#lib/kernel/time.ts';
import type { AlternativeName } from '../x509/certificate-extensions.ts';
import {
	issueAuthority,
	issueEndEntity,
	type Credential,
	type EndEntityProfile,
} from '../x509/issue-certificate.ts';
import type { RandomBytes } from '../x509/random-bytes.ts';
import { MODERN_POLICY, type TlsEnvironment, type TlsPolicy } from './policy.ts';
import { TlsConnection, type TlsOutput } from './tls-connection.ts';

const DAY_US = 86_400 * 1e6;

export function randomBytes(name: string): RandomBytes {
	const random = new Random('tls', name);
	return (count) => Uint8Array.from({ length: count }, () => random.below(256));
}

/** Authorities and a host's certificate, valid around one instant. */
export class Pki {
	readonly nowUs: number;
	readonly random: RandomBytes;
	readonly root: Credential;
	readonly intermediate: Credential;

	constructor(name: string, nowUs = parseIsoLocal('2026-03-09T07:40') ?? 0) {
		this.nowUs = nowUs;
		this.random = randomBytes(name);
		const authority = { notBeforeUs: nowUs - 100 * DAY_US, notAfterUs: nowUs + 3_650 * DAY_US };
		const subject = (cn: string) =>
			[
				['C', 'GB'],
				['O', 'Synthetic Hospital'],
				['CN', `${cn} ${name}`],
			] as const;
		this.root = issueAuthority({ ...authority, subject: subject('Root') }, this.random);
		this.intermediate = issueAuthority(
			{ ...authority, subject: subject('Issuing'), pathLength: 0 },
			this.random,
			this.root,
		);
	}

	host(names: readonly AlternativeName[], other: Partial<EndEntityProfile> = {}): Credential {
		const profile: EndEntityProfile = {
			subject: [
				['O', 'Synthetic Hospital'],
				['CN', names[0]?.value ?? 'host'],
			],
			names,
			notBeforeUs: this.nowUs - 10 * DAY_US,
			notAfterUs: this.nowUs + 100 * DAY_US,
			purposes: ['serverAuth', 'clientAuth'],
			...other,
		};
		return issueEndEntity(profile, this.random, this.intermediate);
	}

	/** A policy that sends this certificate with its issuer and trusts the root. */
	policy(credential: Credential | undefined, other: Partial<TlsPolicy> = {}): TlsPolicy {
		return {
			...MODERN_POLICY,
			trusted: [this.root.certificate],
			...(credential && {
				identity: {
					chain: [credential.certificate, this.intermediate.certificate],
					key: credential.key,
				},
			}),
			...other,
		};
	}

	environment(name: string, other: Partial<TlsEnvironment> = {}): TlsEnvironment {
		return { clockUs: this.nowUs, random: randomBytes(name), ...other };
	}
}

/** How bytes get from one end to the other: the chunks that arrive. */
export type Wire = (bytes: Uint8Array) => Uint8Array[];

/** Two ends joined in memory. What each side did, apart from sending, is kept. */
export class TlsPair {
	readonly client: TlsConnection;
	readonly server: TlsConnection;
	readonly clientOutputs: TlsOutput[] = [];
	readonly serverOutputs: TlsOutput[] = [];
	readonly #wire: Wire;

	constructor(client: TlsConnection, server: TlsConnection, wire: Wire = (bytes) => [bytes]) {
		this.client = client;
		this.server = server;
		this.#wire = wire;
	}

	/** Carries bytes both ways until nobody has anything to say. */
	run(): this {
		for (let busy = true; busy;) {
			const toServer = this.#drain(this.client, this.clientOutputs);
			for (const chunk of toServer) this.server.receive(chunk);
			const toClient = this.#drain(this.server, this.serverOutputs);
			for (const chunk of toClient) this.client.receive(chunk);
			busy = toServer.length + toClient.length > 0;
		}
		return this;
	}

	#drain(from: TlsConnection, outputs: TlsOutput[]): Uint8Array[] {
		const chunks: Uint8Array[] = [];
		for (let output = from.next(); output; output = from.next()) {
			if (output.kind === 'send') chunks.push(...this.#wire(output.bytes));
			else outputs.push(output);
		}
		return chunks;
	}
}
