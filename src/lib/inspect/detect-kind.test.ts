import { expect, test } from 'vitest';
import { detectKind } from './detect-kind.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test('files are known by their content', () => {
	const part10 = new Uint8Array(140);
	part10.set(ascii('DICM'), 128);
	expect(detectKind(part10)).toBe('dicom-file');
	expect(detectKind(ascii('MSH|^~\\&|A\r'))).toBe('hl7');
	expect(detectKind(ascii('\x0bMSH|^~\\&|A\r\x1c\r'))).toBe('hl7');
	expect(detectKind(ascii('\ufeff\r\nMSH|^~\\&|A\r'))).toBe('hl7');
	expect(detectKind(ascii('FHS|^~\\&|A\r'))).toBe('hl7');
	expect(detectKind(Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 0, 0))).toBe('capture');
	expect(detectKind(Uint8Array.of(0x0a, 0x0d, 0x0d, 0x0a))).toBe('capture');
	const implicit = Uint8Array.of(8, 0, 5, 0, 10, 0, 0, 0, ...ascii('ISO_IR 100'));
	expect(detectKind(implicit)).toBe('dicom-data-set');
	expect(detectKind(ascii('MSHELL is no message'))).toBe('unknown');
	expect(detectKind(new Uint8Array(0))).toBe('unknown');
	expect(detectKind(ascii('%PDF-1.7 and so on, long enough'))).toBe('unknown');
});
