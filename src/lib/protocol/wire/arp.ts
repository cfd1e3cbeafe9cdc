import { macBytes } from './ethernet.ts';
import { addressBytes } from './ipv4.ts';

export interface ArpFields {
	operation: 'request' | 'reply';
	senderMac: string;
	senderAddress: string;
	targetMac: string;
	targetAddress: string;
}

/** An ARP message for IPv4 over Ethernet (RFC 826). */
export function arpMessage(fields: ArpFields): Uint8Array {
	const message = new Uint8Array(28);
	message.set([0, 1, 0x08, 0, 6, 4, 0, fields.operation === 'request' ? 1 : 2]);
	message.set(macBytes(fields.senderMac), 8);
	message.set(addressBytes(fields.senderAddress), 14);
	message.set(macBytes(fields.targetMac), 18);
	message.set(addressBytes(fields.targetAddress), 24);
	return message;
}
