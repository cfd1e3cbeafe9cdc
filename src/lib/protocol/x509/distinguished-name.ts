import { DER, der, derOid, derSequence, oidOf, type DerElement } from './der.ts';
import { OID } from './object-identifiers.ts';

/** Attribute types by the short names that tools print (RFC 4514 and OpenSSL). */
const SHORT_NAMES = {
	C: OID.countryName,
	ST: OID.stateOrProvinceName,
	L: OID.localityName,
	O: OID.organizationName,
	OU: OID.organizationalUnitName,
	CN: OID.commonName,
} as const;

export type NameAttributeType = keyof typeof SHORT_NAMES;

/** A name as it is written, most general attribute first: `[['O', 'Hospital'], ['CN', 'pacs']]`. */
export type NameAttributes = readonly (readonly [NameAttributeType, string])[];

/** A distinguished name (RFC 5280 4.1.2.4) that was read. */
export interface DistinguishedName {
	readonly der: Uint8Array;
	/** `type` is a short name, or the dotted identifier of one without. */
	readonly attributes: readonly { readonly type: string; readonly value: string }[];
}

/** One attribute for each relative name; the country as PrintableString, the rest in UTF-8. */
export function encodeName(attributes: NameAttributes): Uint8Array {
	return derSequence(
		...attributes.map(([type, value]) => {
			const tag = type === 'C' ? DER.printableString : DER.utf8String;
			const text = der(tag, new TextEncoder().encode(value));
			return der(DER.set, derSequence(derOid(SHORT_NAMES[type]), text));
		}),
	);
}

export function decodeName(element: DerElement | undefined): DistinguishedName | undefined {
	if (element?.tag !== DER.sequence) return undefined;
	const attributes: { type: string; value: string }[] = [];
	for (const { children } of element.children) {
		for (const attribute of children) {
			const [type, value] = attribute.children;
			const oid = oidOf(type);
			if (oid === undefined || !value) return undefined;
			const short = Object.entries(SHORT_NAMES).find(([, known]) => known === oid)?.[0];
			attributes.push({ type: short ?? oid, value: new TextDecoder().decode(value.content) });
		}
	}
	return { der: element.bytes, attributes };
}

/** `O = Community Hospital, CN = pacs`, as OpenSSL 3.0 prints it. */
export function nameText(name: DistinguishedName): string {
	return name.attributes.map(({ type, value }) => `${type} = ${value}`).join(', ');
}
