import { Association } from '#lib/protocol/dicom/association.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cEchoRequest, cStoreRequest, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { statusOf } from '#lib/protocol/dicom/dimse/status.ts';
import { negotiate, type AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import { chunksOf, type FuzzTarget } from '../define-target.ts';

const SYNTAXES = [UID.LittleEndianExplicit, UID.LittleEndianImplicit];
const CLASSES = [UID.VerificationSOPClass, UID.CTImageStorage];

const POLICY: AcceptorPolicy = {
	aeTitles: 'any',
	acceptCalling: 'any',
	supported: CLASSES.map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: SYNTAXES })),
	maximumLengthBytes: 16_384,
	implementationClassUid: '2.25.1',
};

/** Does what a simple user would do; returns the bytes sent and how many messages came. */
function serve(association: Association): { sent: Uint8Array[]; messages: number } {
	const sent: Uint8Array[] = [];
	let messages = 0;
	for (let output = association.next(); output; output = association.next()) {
		switch (output.kind) {
			case 'send':
				sent.push(...output.bytes);
				break;
			case 'connect':
				association.transportConnected();
				break;
			case 'close':
				association.transportClosed();
				break;
			case 'associate-indication': {
				const answer = negotiate(output.rq, POLICY, 0);
				if (answer.kind === 'A-ASSOCIATE-AC') association.accept(answer);
				else association.reject(answer);
				break;
			}
			case 'release-indication':
				association.respondRelease();
				break;
			case 'message': {
				messages++;
				const { contextId, command } = output.message;
				statusOf('C-STORE', command.Status ?? 0);
				if ((command.CommandField & 0x8000) === 0) {
					association.send({ contextId, command: responseTo(command, { status: 0 }) });
				}
				break;
			}
		}
	}
	return { sent, messages };
}

function requestor(): Association {
	const association = new Association({ role: 'requestor' });
	association.request({
		callingAeTitle: 'FUZZ_SCU',
		calledAeTitle: 'FUZZ_SCP',
		presentationContexts: CLASSES.map((abstractSyntax) => ({
			abstractSyntax,
			transferSyntaxes: SYNTAXES,
		})),
		implementationClassUid: '2.25.1',
		userInformation: {
			asynchronousOperationsWindow: { invoked: 2, performed: 2 },
			roleSelections: [{ sopClassUid: UID.CTImageStorage, scuRole: true, scpRole: true }],
			userIdentity: {
				type: 2,
				positiveResponseRequested: true,
				primaryField: Uint8Array.of(97),
				secondaryField: Uint8Array.of(98),
			},
		},
	});
	return association;
}

function acceptor(): Association {
	const association = new Association({ role: 'acceptor' });
	association.transportConnected();
	return association;
}

/** Everything that each side sends in a short conversation: associate, echo, store, release. */
function conversation(): { fromRequestor: Uint8Array; fromAcceptor: Uint8Array } {
	const scu = requestor();
	const scp = acceptor();
	const sides: [Uint8Array[], Uint8Array[]] = [[], []];
	const exchange = (): void => {
		for (;;) {
			const out = serve(scu).sent;
			for (const bytes of out) scp.receive(bytes);
			const back = serve(scp).sent;
			for (const bytes of back) scu.receive(bytes);
			sides[0].push(...out);
			sides[1].push(...back);
			if (out.length + back.length === 0) return;
		}
	};
	exchange();
	scu.send({ contextId: 1, command: cEchoRequest({ messageId: 1 }) });
	exchange();
	const command = cStoreRequest({
		...{ messageId: 2, sopClassUid: UID.CTImageStorage, sopInstanceUid: '2.25.2' },
	});
	scu.send({ contextId: 3, command, data: [new Uint8Array(300)] });
	exchange();
	scu.release();
	exchange();
	return { fromRequestor: join(sides[0]), fromAcceptor: join(sides[1]) };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}

function play(association: Association, chunks: Iterable<Uint8Array>): number {
	let messages = serve(association).messages;
	for (const chunk of chunks) {
		association.receive(chunk);
		messages += serve(association).messages;
	}
	association.artimExpired();
	association.transportClosed();
	serve(association);
	return messages;
}

export const acceptorTarget: FuzzTarget = {
	name: 'association, acceptor',
	seeds: () => [conversation().fromRequestor],
	run: (input, random) => void play(acceptor(), chunksOf(input, random)),
	understands: (seed) => play(acceptor(), [seed]) === 2,
};

export const requestorTarget: FuzzTarget = {
	name: 'association, requestor',
	seeds: () => [conversation().fromAcceptor],
	run: (input, random) => void play(requestor(), chunksOf(input, random)),
	understands: (seed) => play(requestor(), [seed]) === 2,
};
