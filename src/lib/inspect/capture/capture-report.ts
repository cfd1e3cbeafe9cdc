/** What a capture tells, as plain data. Times in microseconds after the first packet. */
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import type { Remark, Tone } from '../remark.ts';

export interface Endpoint {
	readonly address: string;
	readonly port: number;
}

/** Where in the capture: packets are counted from 1, as Wireshark does. */
export interface Moment {
	readonly packet: number;
	readonly timeUs: number;
}

export type ConversationProtocol = 'dicom' | 'mllp' | 'http' | 'tls' | 'other' | 'none';

/** One thing that was said: a PDU, a message, a handshake. */
export interface ConversationLine extends Moment {
	readonly fromClient: boolean;
	readonly title: string;
	readonly detail: string;
	readonly tone: Tone;
	/** A DIMSE message or an HL7 message: the number of its content. */
	readonly content?: number;
}

export interface NamedUid {
	readonly uid: string;
	readonly name: string;
}

export interface ContextReport {
	readonly id: number;
	readonly abstractSyntax: NamedUid;
	readonly proposed: readonly NamedUid[];
	/** Absent when the association was not accepted or the answer left it out. */
	readonly accepted?: NamedUid;
	readonly answer: string;
	readonly tone: Tone;
}

export interface PeerReport {
	readonly aeTitle: string;
	readonly implementationClassUid?: string;
	readonly implementationVersionName?: string;
	/** 0 means no limit. */
	readonly maximumLength?: number;
}

export interface DimseReport extends Moment {
	readonly fromClient: boolean;
	readonly command: CommandSet;
	readonly contextId: number;
	/** Undefined where the negotiation is not in the capture. */
	readonly transferSyntax?: string;
	readonly dataBytes: number;
	/** A C-STORE request with its data set whole: it can be saved as a file. */
	readonly isObject: boolean;
}

export interface AssociationReport {
	readonly calling: PeerReport;
	readonly called: PeerReport;
	readonly contexts: readonly ContextReport[];
	/** By the content number of a line. */
	readonly messages: readonly DimseReport[];
	/** Every PDU, P-DATA-TF included. */
	readonly pdus: readonly ConversationLine[];
}

export interface ConversationReport {
	readonly id: number;
	readonly client: Endpoint;
	readonly server: Endpoint;
	/** Nobody saw who opened it: the one with the higher port is taken for the client. */
	readonly clientIsGuess: boolean;
	readonly begun: Moment;
	readonly ended: Moment;
	readonly packets: number;
	readonly clientBytes: number;
	readonly serverBytes: number;
	readonly protocol: ConversationProtocol;
	/** What it was about and how it ended, in a few words. */
	readonly summary: string;
	readonly tone: Tone;
	readonly lines: readonly ConversationLine[];
	readonly remarks: readonly (Remark & Moment)[];
	readonly association?: AssociationReport;
}

export interface InterfaceReport {
	readonly name: string;
	readonly description: string;
	readonly linkType: string;
	readonly packets: number;
}

export interface CaptureReport {
	readonly format: string;
	readonly application: string;
	readonly comment: string;
	readonly interfaces: readonly InterfaceReport[];
	readonly packets: number;
	/** Milliseconds since 1970 of the first packet with a time. */
	readonly startMs?: number;
	readonly durationUs: number;
	/** Names of addresses, from the file. */
	readonly names: Readonly<Record<string, string>>;
	readonly conversations: readonly ConversationReport[];
	/** What else there is, with its number of packets. */
	readonly others: readonly { readonly label: string; readonly packets: number }[];
	/** Comments on packets; those of one text follow each other as one, from its first packet on. */
	readonly comments: readonly (Moment & { readonly text: string; readonly packets: number })[];
	readonly remarks: readonly Remark[];
}
