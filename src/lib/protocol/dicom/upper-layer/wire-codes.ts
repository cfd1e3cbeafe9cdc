/** PDU type bytes (PS3.8 9.3.1). */
export const PDU_TYPE = {
	'A-ASSOCIATE-RQ': 0x01,
	'A-ASSOCIATE-AC': 0x02,
	'A-ASSOCIATE-RJ': 0x03,
	'P-DATA-TF': 0x04,
	'A-RELEASE-RQ': 0x05,
	'A-RELEASE-RP': 0x06,
	'A-ABORT': 0x07,
} as const;

/** Item and sub-item types of the association PDUs (PS3.8 9.3.2, 9.3.3; PS3.7 Annex D.3.3). */
export const ITEM = {
	applicationContext: 0x10,
	presentationContextRq: 0x20,
	presentationContextAc: 0x21,
	abstractSyntax: 0x30,
	transferSyntax: 0x40,
	userInformation: 0x50,
	maximumLength: 0x51,
	implementationClassUid: 0x52,
	asynchronousOperationsWindow: 0x53,
	roleSelection: 0x54,
	implementationVersionName: 0x55,
	extendedNegotiation: 0x56,
	commonExtendedNegotiation: 0x57,
	userIdentityRq: 0x58,
	userIdentityAc: 0x59,
} as const;

/** PDU type, reserved byte, 32-bit length. */
export const PDU_HEADER_BYTES = 6;

/** AE title fields are fixed, padded with trailing spaces. */
export const AE_TITLE_BYTES = 16;
