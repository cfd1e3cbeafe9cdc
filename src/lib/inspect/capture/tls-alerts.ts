import { alertName, type AlertName } from '#lib/protocol/tls/alerts.ts';

/** What alerts mean for whoever looks after the connection, where their names do not say it. */
const MEANINGS: Partial<Record<AlertName, string>> = {
	close_notify: 'the sender is done',
	handshake_failure: 'no version, cipher suite or parameter that both sides allow',
	bad_certificate: 'it is damaged, or its signature is wrong',
	certificate_expired: 'it has expired, or is not valid yet',
	certificate_unknown: 'it is not acceptable for another reason',
	unknown_ca: 'the issuer of the certificate is not trusted',
	access_denied: 'the certificate is valid, and its owner may not connect',
	decrypt_error: 'a signature or key could not be verified',
	protocol_version: 'no version that both sides allow',
	insufficient_security: 'the ciphers offered are too weak',
	unrecognized_name: 'there is no server of the name that was asked for',
	certificate_required: 'the client sent none',
};

/** An alert by the standard's name, with what it means: `unknown_ca: the issuer is not trusted`. */
export function alertWords(description: number): string {
	const name = alertName(description);
	const meaning = MEANINGS[name as AlertName];
	return meaning === undefined ? name : `${name}: ${meaning}`;
}
