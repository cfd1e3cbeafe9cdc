import type {
	CaptureReport,
	ConversationReport,
	Endpoint,
} from '#lib/inspect/capture/capture-report.ts';

export const PROTOCOL_NAMES: Record<ConversationReport['protocol'], string> = {
	dicom: 'DICOM',
	mllp: 'HL7 (MLLP)',
	http: 'HTTP',
	tls: 'TLS',
	other: 'unknown',
	none: 'no data',
};

/** `ct1 (10.20.10.12):49152`, with the name the file has for the address. */
export function endpointText({ address, port }: Endpoint, names: CaptureReport['names']): string {
	const name = names[address];
	const host = address.includes(':') ? `[${address}]` : address;
	return name ? `${name}:${port}` : `${host}:${port}`;
}

/** Seconds after the first packet, `12.345678`. */
export function secondsText(timeUs: number): string {
	return (timeUs / 1_000_000).toFixed(6);
}

/** `9 Mar 2026, 07:40:00 UTC`. */
export function startText(startMs: number): string {
	const date = new Date(startMs);
	if (Number.isNaN(date.getTime())) return 'not known';
	return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
