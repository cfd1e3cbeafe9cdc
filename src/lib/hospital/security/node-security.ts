import { z } from 'zod';
import { MODERN_POLICY, type TlsPolicy } from '#lib/protocol/tls/policy.ts';
import { certificatePem, type Certificate } from '#lib/protocol/x509/certificate.ts';
import type { Credential } from '#lib/protocol/x509/issue-certificate.ts';
import type { Device } from '../device.ts';
import type { SecureTarget } from '../dicom/secure-transport.ts';
import type { SecurePort } from '../dicom/service-class-provider.ts';
import { durationSchema } from '../hospital-spec.ts';
import {
	authorityOf,
	type CertificateOrder,
	type HospitalAuthority,
} from './hospital-authority.ts';

const HOUR_US = 3_600 * 1_000_000;
const DAY_US = 24 * HOUR_US;
const YEAR_US = 365 * DAY_US;
const VERSIONS = z.enum(['TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3']);

/** What a node does about TLS: its second port, its certificate, and the peers it believes. */
export const nodeSecuritySchema = z.strictObject({
	/** Whether it listens with TLS below DICOM too, on a port of its own. */
	enabled: z.boolean().default(false),
	/** dicom-tls */
	port: z.int().min(1).max(65_535).default(2762),
	/** Of those who connect to it. */
	clientCertificate: z.enum(['none', 'optional', 'required']).default('required'),
	/** When its certificate begins and ends, from the start of the scenario: `-30d`, `335d`. */
	certificateFrom: durationSchema.default(-30 * DAY_US),
	certificateUntil: durationSchema.default(335 * DAY_US),
	keyType: z.enum(['P-256', 'RSA-2048']).default('P-256'),
	/** Whether the intermediate authority is sent along, as it should. */
	sendsIntermediate: z.boolean().default(true),
	/** Whether it has a certificate to show when it connects to others. */
	presentsCertificate: z.boolean().default(true),
	verifiesPeer: z.boolean().default(true),
	trustsHospital: z.boolean().default(true),
	/** Whether the certificate must be for the name that it connects to. */
	checksName: z.boolean().default(true),
	minimumVersion: VERSIONS.default('TLS 1.2'),
	maximumVersion: VERSIONS.default('TLS 1.2'),
});

export type NodeSecurityConfig = z.infer<typeof nodeSecuritySchema>;

/**
 * A device's certificate and what it insists on. The certificate is made when it is first needed, and lies on
 * the host as a file.
 */
export class NodeSecurity {
	readonly config: NodeSecurityConfig;
	readonly #device: Device;
	#credential: Credential | undefined;

	constructor(device: Device, config: NodeSecurityConfig) {
		this.#device = device;
		this.config = config;
	}

	get certificate(): Certificate {
		return this.#own.certificate;
	}

	/** A new certificate of the hospital's authority, with a new key, for a year from now. */
	renew(): Certificate {
		const nowUs = this.#device.world.wallUs();
		// An hour back, as authorities do it: clocks differ.
		return this.issue({ notBeforeUs: nowUs - HOUR_US, notAfterUs: nowUs + YEAR_US });
	}

	/** Installs a new certificate of the hospital's authority, with a new key, for that time. */
	issue(validity: Pick<CertificateOrder, 'notBeforeUs' | 'notAfterUs'>): Certificate {
		const order = { ...validity, keyType: this.config.keyType };
		return this.#install(this.#authority.issue(this.#device.host.id, order)).certificate;
	}

	/** The port for a provider, if it is on; what it asks of clients is looked up for every connection. */
	securePort(): SecurePort | undefined {
		const { config } = this;
		if (!config.enabled) return undefined;
		this.#install(this.#own);
		return {
			port: config.port,
			policy: () => ({ ...this.#policy(true), clientCertificate: config.clientCertificate }),
		};
	}

	/** What an auditor would say about it. */
	get exposures(): string[] {
		return this.config.verifiesPeer ? [] : [`${this.#device.title} believes any certificate`];
	}

	/** As a client of a peer, by the name or address that is set for it. */
	target(host: string): SecureTarget {
		const { presentsCertificate, checksName } = this.config;
		const named = checksName ? { expectedName: host } : {};
		return { policy: { ...this.#policy(presentsCertificate), ...named } };
	}

	get #authority(): HospitalAuthority {
		return authorityOf(this.#device.world);
	}

	get #own(): Credential {
		if (this.#credential) return this.#credential;
		const { epochUs } = this.#device.world;
		const { certificateFrom, certificateUntil, keyType } = this.config;
		const order = {
			notBeforeUs: epochUs + certificateFrom,
			notAfterUs: epochUs + certificateUntil,
			keyType,
		};
		return this.#install(this.#authority.issue(this.#device.host.id, order));
	}

	/** The certificate with its issuer as a file; the key is not for reading. */
	#install(credential: Credential): Credential {
		const { os, id } = this.#device;
		const pem = [credential.certificate, this.#authority.issuing.certificate].map(certificatePem);
		os.files.set(`/etc/ssl/certs/${id}.pem`, new TextEncoder().encode(pem.join('')));
		this.#credential = credential;
		return credential;
	}

	#policy(withIdentity: boolean): TlsPolicy {
		const { config } = this;
		const { root, issuing } = this.#authority;
		const intermediate = config.sendsIntermediate ? [issuing.certificate] : [];
		return {
			...MODERN_POLICY,
			minimumVersion: config.minimumVersion,
			maximumVersion: config.maximumVersion,
			trusted: config.trustsHospital ? [root.certificate] : [],
			verification: config.verifiesPeer ? 'required' : 'off',
			...(withIdentity && {
				identity: { chain: [this.certificate, ...intermediate], key: this.#own.key },
			}),
		};
	}
}
