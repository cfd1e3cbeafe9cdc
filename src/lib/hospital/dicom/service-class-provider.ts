import { wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import type { Listener } from '#lib/network/tcp-listener.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import type { AcceptedContext } from '#lib/protocol/dicom/association.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import type { CommandSet } from '#lib/protocol/dicom/dimse/command-dictionary.ts';
import { COMMAND_FIELD, responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { negotiate, type AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import type { AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import type { Device } from '../device.ts';
import { DicomConnection } from './dicom-connection.ts';

/** A request as a service of the acceptor gets it, with the means to answer. */
export interface ServiceRequest {
	callingAeTitle: string;
	peerAddress: string;
	context: AcceptedContext;
	command: CommandSet;
	/** The joined data set, empty when there is none. */
	data: Uint8Array;
	/** Sends a response on the same context. */
	respond(command: CommandSet, data?: Uint8Array[]): void;
	/** False once the association has ended; long services look at it. */
	readonly alive: boolean;
}

export interface ProviderOptions {
	/** Read when the port is opened. */
	port(): number;
	/** Largest P-DATA-TF length received, announced to every requestor. */
	maximumLengthBytes: number;
	/** Asked for every association request, so that a changed setting counts at once. */
	policy(rq: AssociateRq, peerAddress: string): Omit<AcceptorPolicy, 'maximumLengthBytes'>;
	/** C-ECHO is answered here; the rest is the device's. */
	serve(request: ServiceRequest): Process;
}

/** One line of an association history, as an archive shows it. */
export interface AssociationRecord {
	timeUs: number;
	peerAddress: string;
	callingAeTitle: string;
	calledAeTitle: string;
	outcome: string;
	accepted: boolean;
}

/** How long an accepted association may be idle. */
const IDLE_TIMEOUT_US = seconds(300);
/** How long a connected peer may take to ask for an association. */
const REQUEST_TIMEOUT_US = seconds(60);
const HISTORY_MAX = 200;

/** Listens on a device's port and serves associations until closed. Keeps the history of requests. */
export class DicomProvider {
	readonly history: AssociationRecord[] = [];
	readonly #device: Device;
	readonly #options: ProviderOptions;
	#listener: Listener | undefined;
	#inUse = 0;

	constructor(device: Device, options: ProviderOptions) {
		this.#device = device;
		this.#options = options;
	}

	get associationsInUse(): number {
		return this.#inUse;
	}

	open(): void {
		this.#listener = this.#device.host.listen(this.#options.port());
		this.#device.spawn('acceptor', this.#accept(this.#listener));
	}

	close(): void {
		this.#listener?.close();
		this.#listener = undefined;
		this.#inUse = 0;
	}

	*#accept(listener: Listener): Process {
		for (;;) {
			const stream = yield* wait(listener.accept());
			this.#device.spawn('association', this.#associate(stream));
		}
	}

	*#associate(stream: TcpStream): Process {
		const kernel = this.#device.world.kernel;
		const connection = new DicomConnection(kernel, stream, {
			role: 'acceptor',
			maximumPduLengthBytes: this.#options.maximumLengthBytes,
		});
		this.#device.spawn('pump', connection.pump());
		connection.act((association) => association.transportConnected());
		const first = yield* connection.next(REQUEST_TIMEOUT_US);
		if (first.kind !== 'requested') return;
		if (!this.#answer(connection, first.rq, stream.remote.address)) return;
		this.#inUse++;
		try {
			yield* this.#serveMessages(connection, first.rq, stream.remote.address);
		} finally {
			this.#inUse = Math.max(0, this.#inUse - 1);
		}
	}

	/** Accepts or rejects; writes the history, the log and the trace. */
	#answer(connection: DicomConnection, rq: AssociateRq, peerAddress: string): boolean {
		const { maximumLengthBytes } = this.#options;
		const policy = { ...this.#options.policy(rq, peerAddress), maximumLengthBytes };
		const answer = negotiate(rq, policy, this.#inUse);
		const accepted = answer.kind === 'A-ASSOCIATE-AC';
		connection.act((association) =>
			answer.kind === 'A-ASSOCIATE-AC' ? association.accept(answer) : association.reject(answer),
		);
		const outcome =
			answer.kind === 'A-ASSOCIATE-AC'
				? 'accepted'
				: `rejected ${answer.result}/${answer.source}/${answer.reason}${REASON_TEXT[`${answer.source}/${answer.reason}`] ?? ''}`;
		const record: AssociationRecord = {
			timeUs: this.#device.os.clockUs(),
			peerAddress,
			callingAeTitle: rq.callingAeTitle,
			calledAeTitle: rq.calledAeTitle,
			outcome,
			accepted,
		};
		this.history.push(record);
		if (this.history.length > HISTORY_MAX) this.history.shift();
		this.#device.log(
			accepted ? 'INFO' : 'WARN',
			`association from ${peerAddress} calling=${rq.callingAeTitle} called=${rq.calledAeTitle}: ${outcome}`,
		);
		this.#device.world.kernel.record(accepted ? 'association-accepted' : 'association-rejected', {
			device: this.#device.id,
			peerAddress,
			calling: rq.callingAeTitle,
			called: rq.calledAeTitle,
			outcome,
		});
		return accepted;
	}

	*#serveMessages(connection: DicomConnection, rq: AssociateRq, peerAddress: string): Process {
		for (;;) {
			const event = yield* connection.next(IDLE_TIMEOUT_US);
			if (event.kind === 'message') {
				const { contextId, command, data } = event.message;
				const context = connection.association.acceptedContexts.get(contextId);
				if (!context) continue;
				const respond: ServiceRequest['respond'] = (response, responseData) => {
					if (connection.association.state !== 'Sta6') return;
					connection.act((association) => {
						association.send({
							contextId,
							command: response,
							...(responseData ? { data: responseData } : {}),
						});
					});
				};
				if (command.CommandField === COMMAND_FIELD['C-ECHO-RQ']) {
					respond(responseTo(command, { status: 0x0000 }));
					continue;
				}
				yield* this.#options.serve({
					callingAeTitle: rq.callingAeTitle,
					peerAddress,
					context,
					command,
					data: data ? joinBytes(data) : new Uint8Array(0),
					respond,
					get alive() {
						return connection.association.state === 'Sta6';
					},
				});
				continue;
			}
			if (event.kind === 'release-requested') {
				connection.act((association) => association.respondRelease());
				return;
			}
			if (event.kind === 'timeout') {
				connection.act((association) => association.abort());
				this.#device.log('WARN', `association of ${rq.callingAeTitle} aborted: idle for 300 s`);
				return;
			}
			if (event.kind === 'aborted') {
				this.#device.log(
					'WARN',
					`association of ${rq.callingAeTitle} ended by abort or lost connection`,
				);
			}
			return;
		}
	}
}

/** What products write beside the numbers of PS3.8 table 9-21, by source/reason. */
const REASON_TEXT: Record<string, string> = {
	'1/2': ' application context name not supported',
	'1/3': ' calling AE title not recognized',
	'1/7': ' called AE title not recognized',
	'3/1': ' temporary congestion',
	'3/2': ' local limit exceeded',
};
