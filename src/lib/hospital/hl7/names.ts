import type { Er7ComponentData } from '#lib/protocol/hl7/build.ts';

/**
 * Person names between DICOM and HL7. A PN is family, given, middle, prefix, suffix (PS3.5 section 6.2.1),
 * an XPN family, given, further, suffix, prefix (HL7 v2.5.1 section 2.A.88): the last two change places.
 */

function parts(pn: string): string[] {
	// Only the first component group: HL7 repeats the field for the others.
	const [family = '', given = '', middle = '', prefix = '', suffix = ''] = (
		pn.split('=')[0] ?? ''
	).split('^');
	return [family, given, middle, suffix, prefix];
}

function trimmed(components: readonly string[]): string[] {
	return components.slice(0, components.findLastIndex((part) => part !== '') + 1);
}

/** XPN of a PN. */
export function xpnOf(pn: string): Er7ComponentData[] {
	return trimmed(parts(pn));
}

/** XCN of a PN, without an ID number; nothing for no name. */
export function xcnOf(pn: string): Er7ComponentData[] | undefined {
	return pn === '' ? undefined : ['', ...trimmed(parts(pn))];
}

/** PN of the components of an XPN: family, given, further, suffix, prefix. */
export function pnOf(components: readonly string[]): string {
	const [family = '', given = '', further = '', suffix = '', prefix = ''] = components;
	return trimmed([family, given, further, prefix, suffix]).join('^');
}
