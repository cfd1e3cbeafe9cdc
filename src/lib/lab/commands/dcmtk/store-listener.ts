import { wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import type { Listener } from '#lib/network/tcp-listener.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { DicomConnection } from '#lib/hospital/dicom/dicom-connection.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import { COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import type { CommandContext } from '../../define-command.ts';
import { modalityPrefix, STORAGE_CLASSES } from './modality-prefix.ts';
import { maximumPdv } from './open-association.ts';
import { ReceivedObjects } from './received-object.ts';
import type { ToolLog } from './tool-log.ts';

const IDLE_US = seconds(60);
const MAXIMUM_LENGTH_BYTES = 16_384;

/** The store SCP inside movescu: takes what an archive sends during a C-MOVE and writes it to files. */
export class StoreListener {
	readonly #context: CommandContext;
	readonly #log: ToolLog;
	readonly #listener: Listener;
	readonly #objects: ReceivedObjects;
	#tasks: { kill(): void }[] = [];

	/** Throws PortInUse like `Host.listen`. */
	constructor(context: CommandContext, log: ToolLog, port: number) {
		this.#context = context;
		this.#log = log;
		this.#objects = new ReceivedObjects(context);
		this.#listener = context.host.listen(port);
		this.#spawn('acceptor', this.#accept());
	}

	/** Objects received. */
	get received(): number {
		return this.#objects.count;
	}

	close(): void {
		this.#listener.close();
		for (const task of this.#tasks) task.kill();
	}

	#spawn(name: string, body: Process): void {
		this.#tasks.push(this.#context.world.kernel.spawn(`${this.#context.host.id}.${name}`, body));
	}

	*#accept(): Process {
		for (;;) {
			const stream = yield* wait(this.#listener.accept());
			this.#spawn('sub-association', this.#associate(stream));
		}
	}

	*#associate(stream: TcpStream): Process {
		const { kernel } = this.#context.world;
		const connection = new DicomConnection(kernel, stream, { role: 'acceptor' });
		this.#spawn('pump', connection.pump());
		connection.act((association) => {
			association.transportConnected();
		});
		const first = yield* connection.next(IDLE_US);
		if (first.kind !== 'requested') return;
		this.#log.add('info', 'Sub-Association Received');
		const answer = negotiate(first.rq, POLICY, 0);
		connection.act((association) => {
			if (answer.kind === 'A-ASSOCIATE-AC') association.accept(answer);
			else association.reject(answer);
		});
		if (answer.kind !== 'A-ASSOCIATE-AC') return;
		const pdv = maximumPdv(connection.association.peer);
		this.#log.add('info', `Sub-Association Acknowledged (Max Send PDV: ${pdv})`);
		for (;;) {
			const event = yield* connection.next(IDLE_US);
			if (event.kind === 'message') this.#serve(connection, event.message);
			else {
				if (event.kind === 'release-requested') {
					connection.act((association) => {
						association.respondRelease();
					});
				}
				return;
			}
		}
	}

	#serve(connection: DicomConnection, message: DimseMessage): void {
		const { contextId, command } = message;
		const respond = (status: number): void => {
			connection.act((association) => {
				association.send({ contextId, command: responseTo(command, { status }) });
			});
		};
		if (command.CommandField === COMMAND_FIELD['C-ECHO-RQ']) respond(0x0000);
		else if (command.CommandField !== COMMAND_FIELD['C-STORE-RQ']) respond(0x0211);
		else respond(this.#store(connection, message));
	}

	/** Writes an object to a file in the home; returns the status. */
	#store(connection: DicomConnection, { contextId, command, data }: DimseMessage): number {
		const context = connection.association.acceptedContexts.get(contextId);
		const sopClassUid = command.AffectedSOPClassUID ?? '';
		const bytes = joinBytes(data ?? []);
		const prefix = modalityPrefix(sopClassUid);
		this.#log.add('info', `Received Store Request (MsgID ${command.MessageID ?? 0}, ${prefix})`);
		const pdus = Math.max(1, Math.ceil(bytes.length / MAXIMUM_LENGTH_BYTES));
		this.#log.addBare('info', `RECV: ${'.'.repeat(Math.min(pdus, 500))}`);
		const kept = this.#objects.keep({
			sopClassUid,
			sopInstanceUid: command.AffectedSOPInstanceUID ?? '',
			transferSyntax: context?.transferSyntax ?? UID.LittleEndianImplicit,
			bytes,
			sourceAeTitle: connection.association.peer?.aeTitle ?? '',
		});
		if (!kept.ok) return kept.reason === 'full' ? 0xa700 : 0xc000;
		if (kept.existed) this.#log.add('warn', `DICOM file already exists, overwriting: ${kept.path}`);
		return 0x0000;
	}
}

const POLICY = {
	aeTitles: 'any',
	acceptCalling: 'any',
	supported: [UID.VerificationSOPClass, ...STORAGE_CLASSES].map((abstractSyntax) => ({
		abstractSyntax,
		transferSyntaxes: [UID.LittleEndianExplicit, UID.LittleEndianImplicit],
	})),
	maximumLengthBytes: MAXIMUM_LENGTH_BYTES,
	implementationClassUid: PRODUCTS.desk.classUid,
	implementationVersionName: PRODUCTS.desk.versionName,
} as const;
