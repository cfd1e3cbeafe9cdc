import { CIPHER_SUITES, type CipherSuiteName } from '#lib/protocol/tls/cipher-suites.ts';
import type { ToolLog } from './tool-log.ts';

/** What the "Non-downgrading BCP 195 TLS Profile" offers, the default of DCMTK 3.6.7: RSA certificates only. */
const PROFILE: readonly CipherSuiteName[] = [
	'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
	'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
];

const UNENCRYPTED = 'TLS_RSA_WITH_NULL_SHA';

/** The families of names that `echoscu +cc` lists. */
const KNOWN = new Set(
	[
		['TLS_RSA', 'AES_128_CBC_SHA CAMELLIA_128_CBC_SHA AES_128_CBC_SHA256 AES_128_GCM_SHA256'],
		['TLS_RSA', 'CAMELLIA_256_CBC_SHA AES_256_CBC_SHA AES_256_CBC_SHA256 AES_256_GCM_SHA384'],
		...['TLS_ECDHE_ECDSA', 'TLS_ECDHE_RSA'].flatMap((family) => [
			[family, 'AES_128_CBC_SHA AES_128_CBC_SHA256 AES_128_GCM_SHA256 AES_256_CBC_SHA'],
			[family, 'AES_256_CBC_SHA384 AES_256_GCM_SHA384 CHACHA20_POLY1305_SHA256'],
		]),
		...['TLS_DHE_DSS', 'TLS_DHE_RSA'].flatMap((family) => [
			[family, 'AES_128_CBC_SHA CAMELLIA_128_CBC_SHA AES_128_CBC_SHA256 AES_128_GCM_SHA256'],
			[family, 'AES_256_CBC_SHA CAMELLIA_256_CBC_SHA AES_256_CBC_SHA256 AES_256_GCM_SHA384'],
		]),
		['TLS_DHE_RSA', 'CHACHA20_POLY1305_SHA256'],
	].flatMap(([family, ciphers = '']) =>
		ciphers.split(' ').map((cipher) => `${family}_WITH_${cipher}`),
	),
);

/**
 * The suites that a tool offers: those of its profile and what `+cs` adds, with the warnings of DCMTK, which
 * looks at the options from the last to the first. Undefined when one is refused; the log says it then. Of
 * the suites that it knows, those that this desk's TLS cannot run are not offered.
 */
export function offeredSuites(
	log: ToolLog,
	added: readonly string[],
): CipherSuiteName[] | undefined {
	const offered = [...PROFILE];
	for (const name of added.toReversed()) {
		if (name === UNENCRYPTED) {
			const profile = 'Non-downgrading BCP 195 TLS Profile';
			log.add(
				'fatal',
				`Unencrypted ciphersuite '${name}' not permitted with security profile '${profile}'`,
			);
			log.add('fatal', '000b:000a Ciphersuite not allowed in current DICOM security profile');
			return undefined;
		}
		if (!KNOWN.has(name)) {
			log.add('fatal', '0001:0007 Illegal call, perhaps wrong parameters');
			return undefined;
		}
		const transport = name.startsWith('TLS_RSA_') ? 'RSA' : 'NO RSA';
		log.add(
			'warn',
			`Ciphersuite '${name}' uses ${transport} key transport. RFC 7525 recommends that such cipher suites should not be used.`,
		);
		if (isOurs(name) && !offered.includes(name)) offered.push(name);
	}
	return offered;
}

function isOurs(name: string): name is CipherSuiteName {
	return Object.hasOwn(CIPHER_SUITES, name);
}
