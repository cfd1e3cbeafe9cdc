import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cFindRequest } from '#lib/protocol/dicom/dimse/services.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { quietWorld, run } from '../simulation/community-world.ts';
import { Device } from '#lib/hospital/device.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { World } from '#lib/hospital/world.ts';
import { DicomProvider, type ServiceRequest } from '#lib/hospital/dicom/service-class-provider.ts';
import {
	openAssociation,
	type AssociationLink,
	type AssociationTarget,
} from '#lib/hospital/dicom/service-class-user.ts';

export const FIND = UID.FINDStudyRootQueryRetrieveInformationModel;
export const CT = UID.CTImageStorage;
export const ECHO = UID.VerificationSOPClass;
export const IMPLICIT = UID.LittleEndianImplicit;
export const PORT = 4_242;

/** A device that serves by a function of the test. */
class Server extends Device {
	readonly provider: DicomProvider;

	constructor(
		world: World,
		serve: (request: ServiceRequest) => Process,
		options: { performed?: number; idleTimeoutUs?: number } = {},
	) {
		const host = world.host('ris');
		super({
			id: 'server',
			kind: 'test',
			title: 'Server',
			reach: 'remote',
			operator: undefined,
			host,
			os: world.system('ris'),
			world,
		});
		this.provider = new DicomProvider(this, {
			port: () => PORT,
			maximumLengthBytes: 16_384,
			...(options.idleTimeoutUs !== undefined && {
				limits: { idleTimeoutUs: options.idleTimeoutUs },
			}),
			policy: () => ({
				aeTitles: 'any',
				acceptCalling: 'any',
				supported: [ECHO, FIND, CT].map((abstractSyntax) => ({
					abstractSyntax,
					transferSyntaxes: [IMPLICIT],
					requestorMayBeScp: true,
				})),
				implementationClassUid: '1.2.3',
				operationsWindow: { invoked: 1, performed: options.performed ?? 1 },
			}),
			serve,
		});
	}

	protected override onStart(): void {
		this.provider.open();
	}

	protected override onStop(): void {
		this.provider.close();
	}
}

/** A quiet hospital with a device that serves on the host of the RIS. */
export function served(
	serve: (request: ServiceRequest) => Process,
	options: ConstructorParameters<typeof Server>[2] = {},
): { world: World; server: Server } {
	const world = quietWorld();
	const server = new Server(world, serve, options);
	server.start();
	return { world, server };
}

/** A requestor at the administrator's desk. */
export function talk<T>(
	world: World,
	body: (link: AssociationLink) => Process<T>,
	changes: Partial<AssociationTarget> = {},
): T {
	function* session(): Process<T> {
		const opened = yield* openAssociation(world, world.host('admin'), {
			host: 'ris',
			port: PORT,
			calledAeTitle: 'SERVER',
			callingAeTitle: 'CLIENT',
			implementation: PRODUCTS.desk,
			contexts: [ECHO, FIND, CT].map((abstractSyntax) => ({
				abstractSyntax,
				transferSyntaxes: [IMPLICIT],
			})),
			...changes,
		});
		if (!opened.ok) throw new Error(`not opened: ${opened.failure.kind}`);
		return yield* body(opened.link);
	}
	return run(world, session());
}

export const DATA = [new Uint8Array(0)];
export const find = (messageId: number): CommandSet =>
	cFindRequest({ messageId, sopClassUid: FIND });

/** Sends without waiting for an answer. */
export function post(link: AssociationLink, abstractSyntax: string, command: CommandSet): void {
	const contextId = link.connection.association.contextFor(abstractSyntax)?.id ?? 0;
	link.connection.send({
		contextId,
		command,
		...(command.CommandDataSetType !== 0x0101 && { data: DATA }),
	});
}

/** Responses in the order in which they come, until there are so many. */
export function* responses(link: AssociationLink, count: number): Process<[number, number][]> {
	const seen: [number, number][] = [];
	while (seen.length < count) {
		const event = yield* link.connection.next(seconds(60));
		if (event.kind !== 'message') throw new Error(`not a message but ${event.kind}`);
		const { MessageIDBeingRespondedTo: id, Status: status } = event.message.command;
		seen.push([id ?? NaN, status ?? NaN]);
	}
	return seen;
}
