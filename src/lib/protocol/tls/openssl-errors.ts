/** How programs with OpenSSL 3.0 tell what went wrong: reasons of its library `SSL routines`, by number and words. */
import { alertName } from './alerts.ts';

export const OPENSSL_REASONS = {
	'ASN1 lib': 0x8000d,
	'bad signature': 123,
	'certificate verify failed': 134,
	'data length too long': 146,
	'decryption failed or bad record mac': 281,
	'digest check failed': 149,
	'excessive message size': 152,
	'invalid alert': 205,
	'length mismatch': 159,
	'no compression specified': 187,
	'no shared cipher': 193,
	'no shared signature algorithms': 376,
	'peer did not return a certificate': 199,
	'record too small': 298,
	'renegotiation mismatch': 337,
	'too many warn alerts': 409,
	'unexpected eof while reading': 294,
	'unexpected message': 244,
	'unknown alert type': 246,
	'unsolicited extension': 217,
	'unsupported protocol': 258,
	'wrong certificate type': 383,
	'wrong cipher returned': 261,
	'wrong curve': 378,
	'wrong version number': 267,
} as const;

/** Why a handshake or a connection was ended by this side. */
export type TlsReason = keyof typeof OPENSSL_REASONS;

/** An alert that was received counts as a reason from here on. */
export const FIRST_ALERT = 1_000;
/** Alerts that SSL 3.0 had already, which OpenSSL calls so for ever. */
const FROM_SSL3 = new Set([0, 10, 20, 30, 40, 41, 42, 43, 44, 45, 46, 47]);
/** Alerts of TLS 1.3. */
const FROM_TLS13 = new Set([109, 116]);
/** Those that do not follow the pattern. */
const ODD_ALERT_TEXTS: Readonly<Record<number, string>> = {
	90: 'tlsv1 alert user cancelled',
	110: 'tlsv1 unsupported extension',
	112: 'tlsv1 unrecognized name',
};

/** `sslv3 alert certificate expired`: that an alert arrived. */
export function openSslAlertText(alert: number): string {
	const version = FROM_SSL3.has(alert) ? 'sslv3' : FROM_TLS13.has(alert) ? 'tlsv13' : 'tlsv1';
	return ODD_ALERT_TEXTS[alert] ?? `${version} alert ${alertName(alert).replaceAll('_', ' ')}`;
}
