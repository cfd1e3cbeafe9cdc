import type { Micros } from '#lib/kernel/time.ts';
import {
	issueAuthority,
	issueEndEntity,
	type Credential,
} from '#lib/protocol/x509/issue-certificate.ts';
import type { AlternativeName } from '#lib/protocol/x509/certificate-extensions.ts';
import type { NameAttributes } from '#lib/protocol/x509/distinguished-name.ts';
import type { KeyType } from '#lib/protocol/x509/keys.ts';
import type { DeviceWorld } from '../device.ts';
import { chanceOf } from './chance.ts';

const DAY_US = 86_400 * 1_000_000;
const SECOND_US = 1_000_000;

/** A certificate that is asked for. */
export interface CertificateOrder {
	readonly notBeforeUs: Micros;
	readonly notAfterUs: Micros;
	readonly keyType: KeyType;
}

/** The hospital's own certification authority: a root, an issuing authority below it, certificates for its hosts. */
export class HospitalAuthority {
	readonly root: Credential;
	readonly issuing: Credential;
	readonly #world: DeviceWorld;

	/** Made by {@link authorityOf}. */
	constructor(world: DeviceWorld) {
		this.#world = world;
		const random = chanceOf(world.kernel.random('certification authority'));
		const { epochUs } = world;
		this.root = issueAuthority(
			{
				subject: this.#subject('Root CA'),
				notBeforeUs: wholeSecond(epochUs - 1_000 * DAY_US),
				notAfterUs: wholeSecond(epochUs + 6_300 * DAY_US),
			},
			random,
		);
		this.issuing = issueAuthority(
			{
				subject: this.#subject('Issuing CA'),
				pathLength: 0,
				notBeforeUs: wholeSecond(epochUs - 900 * DAY_US),
				notAfterUs: wholeSecond(epochUs + 2_700 * DAY_US),
			},
			random,
			this.root,
		);
	}

	/** A certificate with a new key for a host, with all its names and addresses; for both sides of TLS. */
	issue(hostId: string, order: CertificateOrder): Credential {
		const names = this.#namesOf(hostId);
		return issueEndEntity(
			{
				subject: this.#subject(names.find(({ kind }) => kind === 'dns')?.value ?? hostId),
				names,
				notBeforeUs: wholeSecond(order.notBeforeUs),
				notAfterUs: wholeSecond(order.notAfterUs),
				keyType: order.keyType,
				purposes: ['serverAuth', 'clientAuth'],
			},
			chanceOf(this.#world.kernel.random(`certificate of ${hostId}`)),
			this.issuing,
		);
	}

	#subject(commonName: string): NameAttributes {
		return [
			['O', this.#world.spec.institution],
			['CN', commonName],
		];
	}

	#namesOf(hostId: string): AlternativeName[] {
		const { spec } = this.#world;
		const host = spec.hosts.find((one) => one.id === hostId);
		const addresses = host?.nics.map((nic) => nic.address) ?? [];
		const named = spec.names.filter(({ address }) => addresses.includes(address));
		return [
			...named.map(({ name }) => ({ kind: 'dns' as const, value: name })),
			...addresses.map((address) => ({ kind: 'ip' as const, value: address })),
		];
	}
}

function wholeSecond(us: Micros): Micros {
	return Math.floor(us / SECOND_US) * SECOND_US;
}

const AUTHORITIES = new WeakMap<DeviceWorld, HospitalAuthority>();

/** The authority of a hospital, made when it is first needed; its keys follow from the seed alone. */
export function authorityOf(world: DeviceWorld): HospitalAuthority {
	let authority = AUTHORITIES.get(world);
	if (!authority) AUTHORITIES.set(world, (authority = new HospitalAuthority(world)));
	return authority;
}
