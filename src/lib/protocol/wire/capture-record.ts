/** What capture files hold, whatever their format, as plain data. */

/** One packet as it was captured. */
export interface CaptureRecord {
	readonly kind: 'packet';
	/** Of the record in the file, in bytes. */
	readonly offset: number;
	/** Counts the interfaces of the whole file from 0. */
	readonly interface: number;
	/** The link-layer header type of tcpdump.org (LINKTYPE_), 1 for Ethernet. */
	readonly linkType: number;
	/** Nanoseconds since 1970; undefined in a Simple Packet Block, which has no time. */
	readonly timeNs: bigint | undefined;
	/** A view on the file: as much of the packet as was captured. */
	readonly bytes: Uint8Array;
	/** How long the packet was on the wire. */
	readonly originalBytes: number;
	readonly comment?: string;
}

export interface CaptureInterface {
	readonly kind: 'interface';
	readonly offset: number;
	readonly interface: number;
	readonly linkType: number;
	/** 0 means no limit. */
	readonly snapLengthBytes: number;
	readonly name?: string;
	readonly description?: string;
}

/** The start of a section, or of the whole file. */
export interface CaptureSection {
	readonly kind: 'section';
	readonly offset: number;
	readonly format: 'pcap' | 'pcapng';
	readonly littleEndian: boolean;
	readonly application?: string;
	readonly hardware?: string;
	readonly operatingSystem?: string;
	readonly comment?: string;
}

/** A name for an address (pcapng Name Resolution Block). */
export interface CaptureName {
	readonly kind: 'name';
	readonly offset: number;
	readonly address: string;
	readonly names: readonly string[];
}

/** What the capturing program counted on an interface (pcapng Interface Statistics Block). */
export interface CaptureStatistics {
	readonly kind: 'statistics';
	readonly offset: number;
	readonly interface: number;
	readonly received?: number;
	readonly dropped?: number;
	readonly comment?: string;
}

/** Keys for connections in the file (pcapng Decryption Secrets Block). */
export interface CaptureSecrets {
	readonly kind: 'secrets';
	readonly offset: number;
	/** 0x544c534b for a TLS key log. */
	readonly secretsType: number;
	readonly bytes: Uint8Array;
}

/** Where a file is not what its format says. `fatal`: nothing behind it could be read. */
export interface CaptureDefect {
	readonly kind: 'defect';
	readonly offset: number;
	readonly message: string;
	readonly fatal: boolean;
}

export type CaptureItem =
	| CaptureRecord
	| CaptureInterface
	| CaptureSection
	| CaptureName
	| CaptureStatistics
	| CaptureSecrets
	| CaptureDefect;

export interface CaptureLimits {
	/** The longest packet, or pcapng block, that is believed. 16 MiB unless given. */
	readonly recordBytes?: number;
	/** Items read before the reader stops with a defect. 10,000,000 unless given. */
	readonly items?: number;
}

export const DEFAULT_RECORD_BYTES = 16 * 1024 * 1024;
export const DEFAULT_ITEMS = 10_000_000;
