import type {
	AssociateAc,
	AssociateRq,
	Pdu,
	PresentationContextResultCode,
	UserInformation,
} from '#lib/protocol/dicom/upper-layer/pdu.ts';
import fc from 'fast-check';

const octet = fc.integer({ min: 0, max: 255 });
const someBytes = fc.uint8Array({ maxLength: 40 });
const latin1 = (range: { minLength?: number; maxLength: number }) =>
	fc.array(octet, range).map((codes) => String.fromCharCode(...codes));
const aeTitle = latin1({ minLength: 1, maxLength: 16 }).filter(
	(title) => !title.startsWith(' ') && !title.endsWith(' '),
);
const uid = fc.array(fc.constantFrom(...'0123456789.'), { maxLength: 64 }).map((c) => c.join(''));
const contextId = fc.integer({ min: 0, max: 127 }).map((n) => 2 * n + 1);
const uint16 = fc.integer({ min: 0, max: 0xffff });
const listed = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 3 });

const bothWays = {
	maximumLength: fc.integer({ min: 0, max: 0xffff_ffff }),
	implementationClassUid: uid,
	implementationVersionName: latin1({ maxLength: 16 }),
	asynchronousOperationsWindow: fc.record({ invoked: uint16, performed: uint16 }),
	roleSelections: listed(
		fc.record({ sopClassUid: uid, scuRole: fc.boolean(), scpRole: fc.boolean() }),
	),
	extendedNegotiations: listed(fc.record({ sopClassUid: uid, information: someBytes })),
};
const requiredKeys: ['maximumLength', 'implementationClassUid'] = [
	'maximumLength',
	'implementationClassUid',
];

const requestInformation: fc.Arbitrary<UserInformation> = fc.record(
	{
		...bothWays,
		commonExtendedNegotiations: listed(
			fc.record({
				sopClassUid: uid,
				serviceClassUid: uid,
				relatedSopClassUids: fc.array(uid, { maxLength: 3 }),
			}),
		),
		userIdentity: fc.record({
			type: octet,
			positiveResponseRequested: fc.boolean(),
			primaryField: someBytes,
			secondaryField: someBytes,
		}),
	},
	{ requiredKeys },
);

const answerInformation: fc.Arbitrary<UserInformation> = fc.record(
	{ ...bothWays, userIdentityResponse: someBytes },
	{ requiredKeys },
);

const head = {
	protocolVersion: uint16,
	calledAeTitle: aeTitle,
	callingAeTitle: aeTitle,
	applicationContext: uid,
};

const associateRq: fc.Arbitrary<AssociateRq> = fc.record({
	kind: fc.constant('A-ASSOCIATE-RQ' as const),
	...head,
	presentationContexts: fc.uniqueArray(
		fc.record({
			id: contextId,
			abstractSyntax: uid,
			transferSyntaxes: fc.array(uid, { maxLength: 4 }),
		}),
		{ selector: ({ id }) => id, maxLength: 5 },
	),
	userInformation: requestInformation,
});

const associateAc: fc.Arbitrary<AssociateAc> = fc.record({
	kind: fc.constant('A-ASSOCIATE-AC' as const),
	...head,
	presentationContexts: fc.uniqueArray(
		fc.record({
			id: contextId,
			result: fc.constantFrom<PresentationContextResultCode[]>(0, 1, 2, 3, 4),
			transferSyntax: uid,
		}),
		{ selector: ({ id }) => id, maxLength: 5 },
	),
	userInformation: answerInformation,
});

/** Any PDU our encoder writes. */
export const anyPdu: fc.Arbitrary<Pdu> = fc.oneof(
	associateRq,
	associateAc,
	fc.record({
		kind: fc.constant('A-ASSOCIATE-RJ' as const),
		result: octet,
		source: octet,
		reason: octet,
	}),
	fc.record({
		kind: fc.constant('P-DATA-TF' as const),
		pdvs: listed(
			fc.record({
				contextId,
				isCommand: fc.boolean(),
				isLast: fc.boolean(),
				data: fc.uint8Array({ maxLength: 200 }),
			}),
		),
	}),
	fc.constantFrom<Pdu>({ kind: 'A-RELEASE-RQ' }, { kind: 'A-RELEASE-RP' }),
	fc.record({ kind: fc.constant('A-ABORT' as const), source: octet, reason: octet }),
);

/** Cuts bytes at random places; empty pieces occur. */
export function segmented(bytes: Uint8Array, cuts: number[]): Uint8Array[] {
	const places = cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b);
	return [0, ...places].map((start, i) => bytes.slice(start, places[i] ?? bytes.length));
}

export const cuts = fc.array(fc.nat(), { maxLength: 12 });
