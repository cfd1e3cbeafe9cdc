/** Link-layer header types of tcpdump.org, as far as their frames are taken apart. */
const NAMES: Readonly<Record<number, string>> = {
	0: 'BSD loopback',
	1: 'Ethernet',
	12: 'raw IP',
	14: 'raw IP',
	101: 'raw IP',
	108: 'OpenBSD loopback',
	113: 'Linux cooked',
	228: 'IPv4',
	229: 'IPv6',
	276: 'Linux cooked 2',
};

/** The name of a link type; its number where it is not known here. */
export function linkTypeName(linkType: number): string {
	return NAMES[linkType] ?? `link type ${linkType}`;
}
