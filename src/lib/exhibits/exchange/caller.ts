import type { World } from '#lib/hospital/world.ts';
import { DicomConnection, type ConnectionEvent } from '#lib/hospital/dicom/dicom-connection.ts';
import { failureText } from '#lib/hospital/dicom/service-class-user.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import type { AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { HOST, type Site } from './site.ts';
import type { LogEntry } from './log-entry.ts';

export interface ProposedContext {
	abstractSyntax: string;
	transferSyntaxes: readonly string[];
}

const ANSWER_TIMEOUT_US = seconds(30);

/** The device that calls the archive: steps that a case puts together, with its own log. */
export class Caller {
	readonly entries: LogEntry[] = [];
	readonly #world: World;
	readonly #site: Site;
	#connection: DicomConnection | undefined;

	constructor(world: World, site: Site) {
		this.#world = world;
		this.#site = site;
	}

	log(level: LogEntry['level'], text: string): void {
		this.entries.push({ atUs: this.#world.kernel.nowUs, level, text });
	}

	sleep(us: Micros): Process {
		return this.#world.kernel.sleep(us);
	}

	/** The open connection. Throws RangeError before there is one. */
	get connection(): DicomConnection {
		if (!this.#connection) throw new RangeError('the caller is not connected');
		return this.#connection;
	}

	/** Opens the TCP connection; false, and a line in the log, when there is none. */
	*connect(timeoutUs: Micros): Process<boolean> {
		const { archive, calledAeTitle, maximumLengthBytes } = this.#site;
		this.log('INFO', `connecting to ${calledAeTitle} at ${archive.address}:${archive.port}`);
		const stream = yield* this.#world
			.host(HOST.caller)
			.connect({ address: archive.address, port: archive.port }, { timeoutUs });
		if (stream.kind !== 'connected') {
			this.log('ERROR', failureText({ kind: 'not-connected', failure: stream }));
			return false;
		}
		this.#connection = new DicomConnection(this.#world.kernel, stream, {
			role: 'requestor',
			maximumPduLengthBytes: maximumLengthBytes,
		});
		return true;
	}

	/** Asks for an association; true when it is accepted. */
	*associate(
		contexts: readonly ProposedContext[],
		override: Partial<AssociateRq> = {},
	): Process<boolean> {
		if (!(yield* this.connect(seconds(30)))) return false;
		const { connection } = this;
		connection.act((association) =>
			association.request({
				callingAeTitle: this.#site.caller.aeTitle,
				calledAeTitle: this.#site.calledAeTitle,
				presentationContexts: contexts,
				implementationClassUid: PRODUCTS.modality.classUid,
				implementationVersionName: PRODUCTS.modality.versionName,
				override,
			}),
		);
		this.#world.kernel.spawn('caller.pump', connection.pump());
		const event = yield* connection.next(ANSWER_TIMEOUT_US);
		if (event.kind === 'accepted') {
			this.log('INFO', 'association accepted');
			return true;
		}
		if (event.kind === 'rejected') {
			const { result, source, reason } = event.rj;
			this.log('ERROR', failureText({ kind: 'rejected', result, source, reason }));
		} else this.log('ERROR', failureText({ kind: 'no-answer' }));
		return false;
	}

	/** Sends a request on the context of an abstract syntax and waits for the next message. */
	*request(
		abstractSyntax: string,
		command: CommandSet,
		data?: Uint8Array[],
	): Process<ConnectionEvent> {
		const context = this.connection.association.contextFor(abstractSyntax);
		if (!context) throw new RangeError(`no context was accepted for ${abstractSyntax}`);
		this.connection.act((association) => {
			association.send({ contextId: context.id, command, ...(data && { data }) });
		});
		return yield* this.next();
	}

	next(): Process<ConnectionEvent> {
		return this.connection.next(ANSWER_TIMEOUT_US);
	}

	*release(): Process {
		if (this.connection.association.state !== 'Sta6') return;
		this.connection.act((association) => association.release());
		const event = yield* this.next();
		if (event.kind === 'released') this.log('INFO', 'association released');
	}

	/** Bytes that no association would send by itself. */
	sendBytes(pieces: readonly Uint8Array[]): void {
		this.connection.stream.write(pieces);
	}
}
