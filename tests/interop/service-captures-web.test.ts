/** Wireshark's dissectors read the captures of HL7 over MLLP, DICOMweb and DICOM over TLS, each used once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DecodedTour, linesOf, of, type HostId } from '../support/decoded-tour.ts';
import { tsharkPresent } from '../support/tshark.ts';

const present = tsharkPresent('captures of HL7, DICOMweb and TLS are');
const testWithTshark = test.skipIf(!present);

let tour: DecodedTour;
beforeAll(() => {
	if (present) tour = new DecodedTour();
}, 120_000);
afterAll(() => {
	if (present) tour.close();
});

testWithTshark('tshark | capture of HL7 over MLLP | decoder', () => {
	const fields = [
		'ip.src_host',
		'hl7.message.type',
		'hl7.event.type',
		'hl7.llp.sob',
		'hl7.llp.eob',
	];
	const messages = (service: string, host: HostId): string[] =>
		tour
			.seen(service, host, 'HL7')
			.map((frame) => fields.map((field) => of(frame, field)).join(' '));
	expect(messages('HL7 order', 'ris')).toEqual([
		'ris OMI O23 0x0b 0x1c0d',
		'pacs ACK O23 0x0b 0x1c0d',
	]);
	// mllp_send leaves out the CR of the last segment, and Wireshark looks for FS behind one.
	expect(messages('HL7 update', 'pacs')).toEqual([
		'admin ADT A08 0x0b ',
		'pacs ACK A08 0x0b 0x1c0d',
	]);
	for (const [service, controlId] of [
		['HL7 order', 'RIS0000001'],
		['HL7 update', 'TEST0001'],
	] as const) {
		const [, answer] = tour.seen(service, 'pacs', 'HL7');
		expect(of(answer, 'hl7.field')).toMatch(new RegExp(`MSA,AA,${controlId}$`));
	}
});

testWithTshark.each([
	['QIDO-RS', 'GET', '/dicom-web/studies?PatientID=SYN00000018', 200, 'application/dicom+json'],
	[
		'WADO-RS',
		'GET',
		'/dicom-web/studies/2.25.',
		200,
		'multipart/related; type="application/dicom"',
	],
	['WADO-RS metadata', 'GET', '/dicom-web/studies/2.25.', 200, 'application/dicom+json'],
	['STOW-RS', 'POST', '/dicom-web/studies', 200, 'application/dicom+json'],
	['DICOMweb not found', 'GET', '/dicom-web/studies/1.2.3/metadata', 404, 'text/plain'],
])('tshark | capture of %s | decoder', (service, method, target, status, type) => {
	const [request, response, ...more] = tour.seen(service, 'pacs', 'HTTP');
	expect(more).toEqual([]);
	expect(of(request, 'http.request.method')).toBe(method);
	expect(of(request, 'http.request.uri').startsWith(target)).toBe(true);
	expect(of(response, 'http.response.code')).toBe(String(status));
	expect(of(response, 'http.content_type').startsWith(type)).toBe(true);
});

testWithTshark('tshark | capture of DICOM over TLS | decoder', () => {
	const tls = (service: string, field: string): string[] =>
		tour
			.seen(service, 'pacs', 'TLS')
			.flatMap((frame) => of(frame, field).split(',').filter(Boolean));
	// The Finished messages are encrypted, so their types are not to be seen.
	expect(tls('DICOM over TLS', 'tls.handshake.type')).toEqual([
		'1',
		'2',
		'11',
		'12',
		'13',
		'14',
		'11',
		'16',
		'15',
	]);
	expect(tls('DICOM over TLS', 'tls.alert_message.desc')).toEqual([]);
	expect(linesOf(tour.seen('DICOM over TLS', 'pacs', 'TLS'))).toContain('ct1: Application Data');
	expect(tls('DICOM over TLS refused', 'tls.handshake.type')).toEqual([
		'1',
		'2',
		'11',
		'12',
		'13',
		'14',
	]);
	expect(tls('DICOM over TLS refused', 'tls.alert_message.desc')).toEqual(['45']);
});
