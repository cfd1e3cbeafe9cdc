export const ETHER_TYPE_IPV4 = 0x0800;
export const ETHER_TYPE_ARP = 0x0806;

/** Six bytes of a MAC address written `02:00:5e:10:00:01`. */
export function macBytes(mac: string): Uint8Array {
	return Uint8Array.from(mac.split(':').slice(0, 6), (octet) => Number.parseInt(octet, 16));
}

/** An Ethernet II header. */
export function ethernetHeader(
	sourceMac: string,
	destinationMac: string,
	etherType: number,
): Uint8Array {
	const header = new Uint8Array(14);
	header.set(macBytes(destinationMac), 0);
	header.set(macBytes(sourceMac), 6);
	header[12] = etherType >> 8;
	header[13] = etherType & 0xff;
	return header;
}
