import type { CertificateProblem } from '../x509/verify-certificate.ts';
import {
	FIRST_ALERT,
	OPENSSL_REASONS,
	openSslAlertText,
	type TlsReason,
} from './openssl-errors.ts';

/** Why a handshake or a connection ended badly, as one side knows it. */
export type TlsFailure =
	/** This side found the fault and sent the alert. */
	| {
			readonly kind: 'alert-sent';
			readonly alert: number;
			readonly reason: TlsReason;
			readonly problems: readonly CertificateProblem[];
	  }
	/** The peer found a fault; the reason stands in its log, not on the wire. */
	| { readonly kind: 'alert-received'; readonly alert: number }
	/** The peer's first bytes are no TLS record; nothing is answered. */
	| { readonly kind: 'not-tls'; readonly firstBytes: Uint8Array }
	/** The transport ended without close_notify. */
	| { readonly kind: 'transport-closed' };

/** A failure as number and text of a reason in OpenSSL's library. */
export function openSslError(failure: TlsFailure): { number: number; text: string } {
	if (failure.kind === 'alert-received') {
		return { number: FIRST_ALERT + failure.alert, text: openSslAlertText(failure.alert) };
	}
	const reason =
		failure.kind === 'alert-sent'
			? failure.reason
			: failure.kind === 'not-tls'
				? 'wrong version number'
				: 'unexpected eof while reading';
	return { number: OPENSSL_REASONS[reason], text: reason };
}
