import { expect } from 'vitest';
import { wait, type Process } from '#lib/kernel/process.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { negotiate, type AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import { syntheticAcquisition } from './synthetic-acquisition.ts';
import { quietWorld, run } from '../simulation/community-world.ts';
import { DicomConnection } from '#lib/hospital/dicom/dicom-connection.ts';
import { openAssociation, type AssociationTarget } from '#lib/hospital/dicom/service-class-user.ts';
import type { AssociationLink } from '#lib/hospital/dicom/service-class-user.ts';
import type { Answer } from '#lib/hospital/dicom/service-request.ts';
import { acquire } from '#lib/hospital/objects/acquire.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { World } from '#lib/hospital/world.ts';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';

const EXPLICIT = UID.LittleEndianExplicit;
const IMPLICIT = UID.LittleEndianImplicit;

/** The community hospital with nobody in it, and its archive. */
export function archiveWorld(changes: Partial<Archive['config']> = {}): {
	world: World;
	archive: Archive;
} {
	const world = quietWorld();
	const archive = world.device('pacs') as Archive;
	Object.assign(archive.config, changes);
	return { world, archive };
}

export type Values = Parameters<typeof DataSet.from>[0];

/** A small CT study, with attributes of one's own. */
export function study(seed: string, changes: Values = {}, slices = 3): DataSet[] {
	const { instances } = acquire('CT', syntheticAcquisition(seed));
	return instances.slice(0, slices).map(({ dataSet }) => {
		if (changes['SpecificCharacterSet'] !== undefined) {
			dataSet.set('SpecificCharacterSet', changes['SpecificCharacterSet']);
		}
		for (const [keyword, value] of Object.entries(changes)) dataSet.set(keyword, value);
		return dataSet;
	});
}

/** Puts objects into the archive as if they had come by C-STORE; returns the statuses. */
export function keep(
	archive: Archive,
	objects: DataSet[],
	transferSyntax: string = EXPLICIT,
): number[] {
	return objects.map((dataSet) => {
		const { status } = archive.keep({
			sopClassUid: dataSet.text('SOPClassUID') ?? '',
			sopInstanceUid: dataSet.text('SOPInstanceUID') ?? '',
			transferSyntax,
			bytes: joinBytes(encodeDataSet(dataSet, { transferSyntax })),
			callingAeTitle: 'CT1',
			receivedUs: archive.world.kernel.nowUs,
		});
		return status;
	});
}

/** An association of the administrator's desk with the archive; `body` talks on it. */
export function talk<T>(
	world: World,
	contexts: AssociationTarget['contexts'],
	body: (link: AssociationLink) => Process<T>,
	changes: Partial<AssociationTarget> = {},
): T {
	return run(world, conversation(world, contexts, body, changes));
}

export function* conversation<T>(
	world: World,
	contexts: AssociationTarget['contexts'],
	body: (link: AssociationLink) => Process<T>,
	changes: Partial<AssociationTarget> = {},
): Process<T> {
	const opened = yield* openAssociation(world, world.host('admin'), {
		host: 'pacs',
		port: 104,
		calledAeTitle: 'PACS1',
		callingAeTitle: 'PACSDESK',
		implementation: PRODUCTS.desk,
		contexts,
		...changes,
	});
	if (!opened.ok) throw new Error(`not opened: ${opened.failure.kind}`);
	const result = yield* body(opened.link);
	yield* opened.link.release();
	return result;
}

export const context = (
	abstractSyntax: string,
	...transferSyntaxes: string[]
): AssociationTarget['contexts'][number] => ({
	abstractSyntax,
	transferSyntaxes: transferSyntaxes.length > 0 ? transferSyntaxes : [IMPLICIT],
});

export const identifierOf = (values: Values): Uint8Array[] =>
	encodeDataSet(DataSet.from(values), { transferSyntax: IMPLICIT });

export interface Response {
	status: number;
	command: CommandSet;
	identifier: DataSet | undefined;
}

export function responseOf(answer: Answer): Response {
	if (answer.kind !== 'response') throw new Error(`no response but ${answer.kind}`);
	const decoded = answer.data && decodeDataSet(answer.data, { transferSyntax: IMPLICIT });
	if (decoded && !decoded.ok) throw new Error(decoded.error.message);
	return {
		status: answer.command.Status ?? NaN,
		command: answer.command,
		identifier: decoded?.dataSet,
	};
}

const isPending = (status: number): boolean => status === 0xff00 || status === 0xff01;

/**
 * Sends a request and takes responses until the final one. `cancelAfter` sends a C-CANCEL after so many of
 * them, 0 for right behind the request.
 */
export function* exchange(
	link: AssociationLink,
	model: string,
	command: CommandSet,
	data: Uint8Array[],
	cancelAfter?: number,
): Process<Response[]> {
	const responses: Response[] = [];
	const cancelNow = (): void => {
		if (responses.length === cancelAfter) link.cancel(model, command.MessageID);
	};
	const first = link.request(model, command, data);
	// Up to its first wait the request has been sent, and no answer can have come.
	let step = first.next();
	cancelNow();
	while (!step.done) step = first.next(yield step.value);
	responses.push(responseOf(step.value));
	for (;;) {
		const last = responses.at(-1);
		if (!last || !isPending(last.status)) return responses;
		cancelNow();
		responses.push(responseOf(yield* link.nextAnswer(command.MessageID)));
	}
}

export interface Destination {
	received: { command: CommandSet; transferSyntax: string; data: Uint8Array }[];
	associations: number;
}

/**
 * A store SCP at the administrator's desk, which the archive knows as PACSDESK. `answer` gives the status of
 * each object, or ends the association.
 */
export function storeDestination(
	world: World,
	options: {
		supported?: AcceptorPolicy['supported'];
		answer?(index: number): number | 'abort' | 'silence';
		rejects?: boolean;
	} = {},
): Destination {
	const destination: Destination = { received: [], associations: 0 };
	const listener = world.host('admin').listen(11_113);
	const supported = options.supported ?? [
		{ abstractSyntax: UID.CTImageStorage, transferSyntaxes: [EXPLICIT, IMPLICIT] },
	];
	function* serve(stream: TcpStream): Process {
		const connection = new DicomConnection(world.kernel, stream, { role: 'acceptor' });
		world.kernel.spawn('destination.pump', connection.pump());
		connection.act((association) => association.transportConnected());
		for (;;) {
			const event = yield* wait(connection.take());
			if (event.kind === 'requested') {
				destination.associations++;
				const answer = negotiate(
					event.rq,
					{
						aeTitles: options.rejects ? [] : 'any',
						acceptCalling: 'any',
						supported,
						maximumLengthBytes: 16_384,
						implementationClassUid: '1.2.3',
					},
					0,
				);
				connection.act((association) =>
					answer.kind === 'A-ASSOCIATE-AC'
						? association.accept(answer)
						: association.reject(answer),
				);
			} else if (event.kind === 'message') {
				const { contextId, command, data } = event.message;
				const transferSyntax =
					connection.association.acceptedContexts.get(contextId)?.transferSyntax ?? '';
				const status = options.answer?.(destination.received.length) ?? 0x0000;
				destination.received.push({ command, transferSyntax, data: joinBytes(data ?? []) });
				yield* world.kernel.sleep(10_000);
				if (status === 'abort') connection.act((association) => association.abort());
				else if (status !== 'silence') {
					connection.send({ contextId, command: responseTo(command, { status }) });
				}
			} else {
				if (event.kind === 'release-requested') {
					connection.act((association) => association.respondRelease());
				}
				return;
			}
		}
	}
	function* accept(): Process {
		for (;;) world.kernel.spawn('destination', serve(yield* wait(listener.accept())));
	}
	world.kernel.spawn('destination.acceptor', accept());
	return destination;
}

/** Sub-operation counters of a C-MOVE or C-GET response. */
export const counters = ({ command }: Response) => ({
	remaining: command.NumberOfRemainingSuboperations,
	completed: command.NumberOfCompletedSuboperations ?? 0,
	failed: command.NumberOfFailedSuboperations ?? 0,
	warning: command.NumberOfWarningSuboperations ?? 0,
});
export const statuses = (responses: Response[]): number[] => responses.map(({ status }) => status);
export const failedUids = (response: Response | undefined): string[] =>
	response?.identifier?.texts('FailedSOPInstanceUIDList') ?? [];

/** In every response the counters make up the whole; what remains is told while something does. */
export function expectWholeCounters(responses: Response[], total: number): void {
	for (const response of responses) {
		const { remaining, completed, failed, warning } = counters(response);
		const running = response.status === 0xff00 || response.status === 0xfe00;
		expect(remaining !== undefined).toBe(running);
		expect((remaining ?? 0) + completed + failed + warning).toBe(total);
	}
}

/** Two studies of one patient with three and two images, one study of another with one. */
export function filled(transferSyntax: string = EXPLICIT) {
	const { world, archive } = archiveWorld();
	const objects = [
		study('one', { PatientID: 'P1' }),
		study('two', { PatientID: 'P1' }, 2),
		study('three', { PatientID: 'P2' }, 1),
	];
	for (const one of objects) keep(archive, one, transferSyntax);
	const [first] = objects;
	const uid = (index: number): string => objects[index]?.[0]?.text('StudyInstanceUID') ?? '';
	const sopUids = (first ?? []).map((one) => one.text('SOPInstanceUID') ?? '');
	const series = first?.[0]?.text('SeriesInstanceUID') ?? '';
	return { world, archive, uid, sopUids, series, objects };
}

/** The identifier of a retrieve of one study. */
export const keysOf = (uid: string): Values => ({
	QueryRetrieveLevel: 'STUDY',
	StudyInstanceUID: uid,
});
