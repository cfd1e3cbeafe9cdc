import { wait, type Process } from '#lib/kernel/process.ts';
import type { Listener } from '#lib/network/tcp-listener.ts';
import type { ByteStream } from '#lib/network/byte-stream.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { tlsFailureText } from '#lib/network/tls-stream.ts';
import {
	DEFAULT_ASSOCIATION_LIMITS,
	type AssociationLimits,
} from '#lib/protocol/dicom/association-limits.ts';
import { negotiate, type AcceptorPolicy } from '#lib/protocol/dicom/negotiation.ts';
import type { AssociateRq } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import type { TlsPolicy } from '#lib/protocol/tls/policy.ts';
import type { Device } from '../device.ts';
import { DicomConnection } from './dicom-connection.ts';
import { secureTransport } from './secure-transport.ts';
import { ServedAssociation } from './served-association.ts';
import type { ServiceRequest } from './service-request.ts';

export type { ServiceRequest } from './service-request.ts';

type AssociationTimers = Pick<
	AssociationLimits,
	'artimUs' | 'requestTimeoutUs' | 'idleTimeoutUs' | 'answerTimeoutUs'
>;

export interface ProviderOptions {
	/** Read when the port is opened. */
	port(): number;
	/** Largest P-DATA-TF length received, announced to every requestor; 0 means no limit. */
	readonly maximumLengthBytes: number;
	/** Other limits and timers; those of the protocol unless told. Read for every association. */
	readonly limits?: Partial<AssociationTimers>;
	/** Asked for every association request, so that a changed setting counts at once. */
	policy(rq: AssociateRq, peerAddress: string): Omit<AcceptorPolicy, 'maximumLengthBytes'>;
	/** C-ECHO is answered here; the rest is the device's. */
	serve(request: ServiceRequest): Process;
	/** A second port with TLS below the association; asked when the ports are opened. */
	securePort?(): SecurePort | undefined;
}

export interface SecurePort {
	/** 2762 by registration (dicom-tls). */
	readonly port: number;
	/** Asked for every connection. */
	policy(): TlsPolicy;
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

const HISTORY_MAX = 200;

/** Listens on a device's port and serves associations until closed. Keeps the history of requests. */
export class DicomProvider {
	readonly history: AssociationRecord[] = [];
	readonly #device: Device;
	readonly #options: ProviderOptions;
	#listeners: Listener[] = [];
	#inUse = 0;

	constructor(device: Device, options: ProviderOptions) {
		this.#device = device;
		this.#options = options;
	}

	get associationsInUse(): number {
		return this.#inUse;
	}

	open(): void {
		const { host } = this.#device;
		const listener = host.listen(this.#options.port());
		this.#listeners = [listener];
		this.#device.spawn(
			'acceptor',
			this.#accept(listener, (tcp) => this.#associate(tcp)),
		);
		const secure = this.#options.securePort?.();
		if (!secure) return;
		const secureListener = host.listen(secure.port);
		this.#listeners.push(secureListener);
		this.#device.spawn(
			'secure acceptor',
			this.#accept(secureListener, (tcp) => this.#secure(tcp, secure.policy())),
		);
	}

	close(): void {
		for (const listener of this.#listeners) listener.close();
		this.#listeners = [];
		this.#inUse = 0;
	}

	*#accept(listener: Listener, serve: (tcp: TcpStream) => Process): Process {
		for (;;) {
			const stream = yield* wait(listener.accept());
			this.#device.spawn('association', serve(stream));
		}
	}

	*#secure(tcp: TcpStream, policy: TlsPolicy): Process {
		const device = this.#device;
		const side = { role: 'server', policy } as const;
		const opened = yield* secureTransport(device.world, device.host.id, tcp, side);
		if (opened.ok) {
			yield* this.#associate(opened.stream);
			return;
		}
		const why = tlsFailureText(opened.failure);
		device.log('WARN', `TLS handshake with ${tcp.remote.address} failed: ${why}`);
	}

	*#associate(stream: ByteStream): Process {
		const device = this.#device;
		const options = this.#options;
		const limits = { ...DEFAULT_ASSOCIATION_LIMITS, ...options.limits };
		const connection = new DicomConnection(device.world.kernel, stream, {
			role: 'acceptor',
			maximumPduLengthBytes: options.maximumLengthBytes,
			artimUs: limits.artimUs,
		});
		device.spawn('pump', connection.pump());
		connection.act((association) => association.transportConnected());
		const first = yield* connection.next(limits.requestTimeoutUs);
		if (first.kind !== 'requested') return;
		if (!this.#answer(connection, first.rq, stream.remote.address)) return;
		this.#inUse++;
		try {
			yield* new ServedAssociation({
				device,
				connection,
				idleTimeoutUs: limits.idleTimeoutUs,
				answerTimeoutUs: limits.answerTimeoutUs,
				serve: (request) => options.serve(request),
			}).run();
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
}

/** What products write beside the numbers of PS3.8 table 9-21, by source/reason. */
const REASON_TEXT: Record<string, string> = {
	'1/2': ' application context name not supported',
	'1/3': ' calling AE title not recognized',
	'1/7': ' called AE title not recognized',
	'3/1': ' temporary congestion',
	'3/2': ' local limit exceeded',
};
