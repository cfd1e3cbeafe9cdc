/** Alerts (RFC 5246 7.2, RFC 8446 6): their numbers and the standard's names. */

export const ALERT = {
	close_notify: 0,
	unexpected_message: 10,
	bad_record_mac: 20,
	record_overflow: 22,
	handshake_failure: 40,
	bad_certificate: 42,
	unsupported_certificate: 43,
	certificate_revoked: 44,
	certificate_expired: 45,
	certificate_unknown: 46,
	illegal_parameter: 47,
	unknown_ca: 48,
	access_denied: 49,
	decode_error: 50,
	decrypt_error: 51,
	protocol_version: 70,
	insufficient_security: 71,
	internal_error: 80,
	user_canceled: 90,
	no_renegotiation: 100,
	unsupported_extension: 110,
	unrecognized_name: 112,
	certificate_required: 116,
} as const;

export type AlertName = keyof typeof ALERT;

export const WARNING = 1;
export const FATAL = 2;

const NAMES = new Map<number, AlertName>(
	Object.entries(ALERT).map(([name, number]) => [number, name as AlertName]),
);

/** The standard's name of an alert; its number in words for one that is not known. */
export function alertName(number: number): string {
	return NAMES.get(number) ?? `alert ${number}`;
}
