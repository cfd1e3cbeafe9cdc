/** Numbers of the pcapng format (draft-ietf-opsawg-pcapng) that reader and writer share. */

export const BLOCK = {
	sectionHeader: 0x0a0d0d0a,
	interfaceDescription: 1,
	/** Obsolete, still met in old files. */
	packet: 2,
	simplePacket: 3,
	nameResolution: 4,
	interfaceStatistics: 5,
	enhancedPacket: 6,
	decryptionSecrets: 10,
} as const;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Codes below belong to one block each; `end` and `comment` to all. */
export const OPTION = {
	end: 0,
	comment: 1,
	sectionHardware: 2,
	sectionOperatingSystem: 3,
	sectionApplication: 4,
	interfaceName: 2,
	interfaceDescription: 3,
	interfaceTimeResolution: 9,
	interfaceTimeOffset: 14,
	statisticsStartTime: 2,
	statisticsEndTime: 3,
	statisticsReceived: 4,
	statisticsDropped: 5,
} as const;

/** What a Decryption Secrets Block holds: a key log file of TLS, as Wireshark and browsers write them. */
export const SECRETS_TLS_KEY_LOG = 0x544c534b;

export const NAME_RECORD = { end: 0, ipv4: 1, ipv6: 2 } as const;

/** Rounded up to a multiple of four, as everything in the format is. */
export function paddedBytes(sizeBytes: number): number {
	return Math.ceil(sizeBytes / 4) * 4;
}
