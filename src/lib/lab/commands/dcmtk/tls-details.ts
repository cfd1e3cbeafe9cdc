import type { TlsSession } from '#lib/protocol/tls/policy.ts';
import type { Certificate } from '#lib/protocol/x509/certificate.ts';
import { certificateTime, keyText } from '#lib/protocol/x509/describe-certificate.ts';

/** An established TLS connection as the tools of DCMTK 3.6.7 print it at debug level. */
export function tlsDetailsText({ cipherSuite, peerChain: [peer] }: TlsSession): string {
	return [
		'================== BEGIN TLS CONNECTION DETAILS =================',
		'Transport connection: TLS over TCP/IP',
		'  Protocol    : TLSv1.2',
		`  Ciphersuite : ${cipherSuite.openSslName}, encryption: ${8 * cipherSuite.keyBytes} bits`,
		...(peer ? certificateLines(peer) : []),
		'=================== END TLS CONNECTION DETAILS ==================',
	].join('\n');
}

function certificateLines(certificate: Certificate): string[] {
	const { subject, issuer, serialNumber, notBeforeUs, notAfterUs, publicKey } = certificate;
	const [from, until] = [notBeforeUs, notAfterUs].map(certificateTime);
	// It knows the keys of RSA and DSA by name.
	const algorithm = publicKey.kind === 'rsa' ? 'RSA' : 'unknown';
	return [
		'Peer X.509v3 Certificate',
		`  Subject     : ${oneLine(subject)}`,
		`  Issued by   : ${oneLine(issuer)}`,
		`  Serial no.  : ${serialText(serialNumber)}`,
		`  Validity    : not before ${from}, not after ${until}`,
		`  Public key  : ${algorithm}, ${keyText(publicKey).bits} bits`,
	];
}

/** `/O=Community Hospital/CN=pacs` */
function oneLine({ attributes }: Certificate['subject']): string {
	return attributes.map(({ type, value }) => `/${type}=${value}`).join('');
}

/** DCMTK has 63 bits for it, and prints -1 for a longer one, which those of today are. */
function serialText(serial: Uint8Array): string {
	const value = serial.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
	return value < 1n << 63n ? String(value) : '-1';
}
