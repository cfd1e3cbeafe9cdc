import type { Certificate } from './certificate.ts';

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Whether a name is an address, which only an iPAddress entry can match. */
export function isAddress(name: string): boolean {
	return IPV4.test(name);
}

/**
 * Whether a certificate is that of the host that was meant (RFC 9525 section 6): an address against its
 * iPAddress entries, a name against its dNSName entries, in which a whole leftmost label may be `*`. The common
 * name does not count.
 */
export function matchesName(certificate: Certificate, name: string): boolean {
	const names = certificate.extensions.alternativeNames ?? [];
	if (isAddress(name)) return names.some(({ kind, value }) => kind === 'ip' && value === name);
	const wanted = labels(name);
	return names.some(({ kind, value }) => kind === 'dns' && matchesLabels(labels(value), wanted));
}

/** DNS names compare without case; ASCII only, as in certificates. */
function labels(name: string): string[] {
	return name.replace(/\.$/, '').toLowerCase().split('.');
}

function matchesLabels(presented: readonly string[], wanted: readonly string[]): boolean {
	if (presented.length !== wanted.length) return false;
	return presented.every((label, i) => {
		const wildcard = i === 0 && label === '*' && presented.length > 1;
		return wildcard || label === wanted[i];
	});
}
