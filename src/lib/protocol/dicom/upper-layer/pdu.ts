/**
 * The seven protocol data units of the DICOM upper layer as plain data (PS3.8 section 9.3).
 * `encode-pdu.ts` writes them, `decode-pdu.ts` reads them. Field names follow the standard.
 */

/** Application context name of DICOM (PS3.7 Annex A.2.1). */
export const DICOM_APPLICATION_CONTEXT = '1.2.840.10008.3.1.1.1';

/** A presentation context as proposed in A-ASSOCIATE-RQ (PS3.8 9.3.2.2). */
export interface PresentationContextProposal {
	/** Odd, 1..255. */
	id: number;
	abstractSyntax: string;
	transferSyntaxes: string[];
}

/**
 * 0 acceptance, 1 user rejection, 2 no reason, 3 abstract syntax, 4 transfer syntaxes not supported
 * (PS3.8 table 9-18).
 */
export type PresentationContextResultCode = 0 | 1 | 2 | 3 | 4;

/** A presentation context as answered in A-ASSOCIATE-AC (PS3.8 9.3.3.2). */
export interface PresentationContextAnswer {
	id: number;
	result: PresentationContextResultCode;
	/** Meaningful only when `result` is 0. */
	transferSyntax: string;
}

/** SCP/SCU role selection (PS3.7 D.3.3.4). */
export interface RoleSelection {
	sopClassUid: string;
	scuRole: boolean;
	scpRole: boolean;
}

/** SOP class extended negotiation (PS3.7 D.3.3.5). */
export interface ExtendedNegotiation {
	sopClassUid: string;
	information: Uint8Array;
}

/** SOP class common extended negotiation (PS3.7 D.3.3.6), request only. */
export interface CommonExtendedNegotiation {
	sopClassUid: string;
	serviceClassUid: string;
	relatedSopClassUids: string[];
}

/**
 * User identity in a request (PS3.7 D.3.3.7.1); type 1 user name, 2 with passcode, 3 Kerberos, 4
 * SAML, 5 JWT.
 */
export interface UserIdentity {
	type: number;
	positiveResponseRequested: boolean;
	primaryField: Uint8Array;
	secondaryField: Uint8Array;
}

/** The user information item (PS3.8 9.3.2.3 with PS3.7 Annex D.3.3). */
export interface UserInformation {
	/**
	 * Largest P-DATA-TF PDU length the sender of this item can receive, in bytes; 0 means no limit.
	 */
	maximumLength: number;
	implementationClassUid: string;
	implementationVersionName?: string;
	asynchronousOperationsWindow?: { invoked: number; performed: number };
	roleSelections?: RoleSelection[];
	extendedNegotiations?: ExtendedNegotiation[];
	commonExtendedNegotiations?: CommonExtendedNegotiation[];
	userIdentity?: UserIdentity;
	/** Only in A-ASSOCIATE-AC (PS3.7 D.3.3.7.2). */
	userIdentityResponse?: Uint8Array;
}

export interface AssociateRq {
	kind: 'A-ASSOCIATE-RQ';
	/** Bit 0 set for version 1. */
	protocolVersion: number;
	/** At most 16 characters, without the padding. */
	calledAeTitle: string;
	callingAeTitle: string;
	applicationContext: string;
	presentationContexts: PresentationContextProposal[];
	userInformation: UserInformation;
}

export interface AssociateAc {
	kind: 'A-ASSOCIATE-AC';
	protocolVersion: number;
	/** Reserved fields that echo the request (PS3.8 table 9-17). */
	calledAeTitle: string;
	callingAeTitle: string;
	applicationContext: string;
	presentationContexts: PresentationContextAnswer[];
	userInformation: UserInformation;
}

/** Result, source and reason as in PS3.8 table 9-21. */
export interface AssociateRj {
	kind: 'A-ASSOCIATE-RJ';
	/** 1 rejected-permanent, 2 rejected-transient. */
	result: number;
	/** 1 service user, 2 service provider (ACSE), 3 service provider (presentation). */
	source: number;
	reason: number;
}

/** One presentation data value (PS3.8 9.3.5.1 and Annex E). */
export interface Pdv {
	contextId: number;
	isCommand: boolean;
	isLast: boolean;
	/** A view on the received bytes, or the bytes to send. */
	data: Uint8Array;
}

export interface PDataTf {
	kind: 'P-DATA-TF';
	pdvs: Pdv[];
}

export interface ReleaseRq {
	kind: 'A-RELEASE-RQ';
}

export interface ReleaseRp {
	kind: 'A-RELEASE-RP';
}

/** Source 0 service user, 2 service provider; reasons in PS3.8 table 9-26. */
export interface Abort {
	kind: 'A-ABORT';
	source: number;
	reason: number;
}

export type Pdu = AssociateRq | AssociateAc | AssociateRj | PDataTf | ReleaseRq | ReleaseRp | Abort;
