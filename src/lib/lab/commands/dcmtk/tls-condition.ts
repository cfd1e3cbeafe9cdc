import type { TlsOpenFailure } from '#lib/network/tls-stream.ts';
import { openSslError } from '#lib/protocol/tls/failure.ts';

/** DCMTK's conditions of TLS (module 000b) are OpenSSL's reasons from here on. */
const FIRST_CODE = 0x800;

/** A failed TLS handshake as DCMTK 3.6.7 words it: `000b:0886 TLS error: certificate verify failed`. */
export function tlsConditionText(failure: TlsOpenFailure): string {
	if (failure.kind === 'no-answer') {
		return '000b:000b TLS read operation did not complete (SSL_ERROR_WANT_READ)';
	}
	const { number, text } = openSslError(failure);
	return `000b:${(FIRST_CODE + number).toString(16).padStart(4, '0')} TLS error: ${text}`;
}
