import { DicomConnection } from '#lib/hospital/dicom/dicom-connection.ts';
import { Kernel } from '#lib/kernel/kernel.ts';
import { wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import type { Host } from '#lib/network/host.ts';
import { Network } from '#lib/network/network.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import { responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import { BENCH_POLICY, BENCH_REQUEST, echoMessage, storeMessage } from './bench-association.ts';
import { CT_BYTES } from './ct-object.ts';

const PORT = 104;
const PATIENCE_US = seconds(30);

/** What the storing side does with the data set of a message: keep it in pieces, or in one buffer. */
export type Receipt = 'views' | 'joined';

interface PairOptions {
	/** Frames are recorded as in a world that is being captured; the trace ends with the run. */
	capture: boolean;
	receipt?: Receipt;
	maximumPduBytes?: number;
}

/** Two hosts on one LAN: `sender` with nothing running, `archive` with a sink that only counts. */
class VirtualPair {
	readonly kernel = new Kernel({ seed: 'bench' });
	readonly sender: Host;
	stored = 0;
	readonly #options: PairOptions;

	constructor(options: PairOptions) {
		this.#options = options;
		const nic = (address: string) => [{ network: 'lan', address }];
		const network = new Network(
			this.kernel,
			{
				networks: [{ id: 'lan', cidr: '10.20.10.0/24' }],
				hosts: [
					{ id: 'sender', nics: nic('10.20.10.11') },
					{ id: 'archive', nics: nic('10.20.10.12') },
				],
				names: [],
			},
			{ capture: options.capture },
		);
		this.sender = network.host('sender');
		this.kernel.spawn('acceptor', this.#accept(network.host('archive')));
	}

	/** Runs a process to its end. Throws when it waits for something that never comes. */
	run(body: Process): void {
		if (!this.kernel.runTask(this.kernel.spawn('bench', body))) throw new Error('stuck');
	}

	/** Opens a connection and an association on it. */
	*open(): Process<DicomConnection> {
		const stream = yield* this.sender.connect({ address: '10.20.10.12', port: PORT });
		if (stream.kind !== 'connected') throw new Error(`not connected: ${stream.kind}`);
		const connection = new DicomConnection(this.kernel, stream, { role: 'requestor' });
		connection.act((association) => association.request(BENCH_REQUEST));
		this.kernel.spawn('pump', connection.pump());
		const answer = yield* connection.next(PATIENCE_US);
		if (answer.kind !== 'accepted') throw new Error(`not accepted: ${answer.kind}`);
		return connection;
	}

	*#accept(host: Host): Process {
		const listener = host.listen(PORT);
		for (;;) {
			const stream = yield* wait(listener.accept());
			const connection = new DicomConnection(this.kernel, stream, {
				role: 'acceptor',
				maximumPduLengthBytes: this.#maximumPduBytes,
			});
			this.kernel.spawn('pump', connection.pump());
			this.kernel.spawn('serve', this.#serve(connection));
		}
	}

	*#serve(connection: DicomConnection): Process {
		connection.act((association) => association.transportConnected());
		for (;;) {
			const event = yield* connection.next(PATIENCE_US);
			if (event.kind === 'requested') {
				const policy = { ...BENCH_POLICY, maximumLengthBytes: this.#maximumPduBytes };
				const answer = negotiate(event.rq, policy, 0);
				if (answer.kind !== 'A-ASSOCIATE-AC') throw new Error('the policy rejects');
				connection.act((association) => association.accept(answer));
			} else if (event.kind === 'message') {
				this.#answer(connection, event.message);
			} else {
				if (event.kind === 'release-requested') connection.act((own) => own.respondRelease());
				return;
			}
		}
	}

	#answer(connection: DicomConnection, { contextId, command, data }: DimseMessage): void {
		if (data) {
			const parts = this.#options.receipt === 'joined' ? [joinBytes(data)] : data;
			const sizeBytes = parts.reduce((sum, part) => sum + part.length, 0);
			if (sizeBytes !== CT_BYTES) throw new Error(`received ${sizeBytes} of ${CT_BYTES} bytes`);
			this.stored++;
		}
		const response = responseTo(command, { status: 0x0000 });
		connection.act((association) => association.send({ contextId, command: response }));
	}

	get #maximumPduBytes(): number {
		return this.#options.maximumPduBytes ?? BENCH_POLICY.maximumLengthBytes;
	}
}

function* exchange(connection: DicomConnection, message: DimseMessage): Process {
	connection.act((association) => association.send(message));
	const answer = yield* connection.next(PATIENCE_US);
	if (answer.kind !== 'message' || answer.message.command.Status !== 0) {
		throw new Error(`no success: ${answer.kind}`);
	}
}

function* release(connection: DicomConnection): Process {
	connection.act((association) => association.release());
	yield* connection.next(PATIENCE_US);
}

/** Associations one after the other: connect, associate, C-ECHO, release. Returns their number. */
export function virtualAssociations(count: number, options: PairOptions): number {
	const pair = new VirtualPair(options);
	pair.run(
		(function* () {
			for (let i = 0; i < count; i++) {
				const connection = yield* pair.open();
				yield* exchange(connection, echoMessage(connection.association));
				yield* release(connection);
			}
		})(),
	);
	return count;
}

/** C-STOREs of the CT image on one association, each after the answer to the one before. */
export function virtualStores(count: number, options: PairOptions): number {
	const pair = new VirtualPair(options);
	pair.run(
		(function* () {
			const connection = yield* pair.open();
			for (let i = 0; i < count; i++) {
				yield* exchange(connection, storeMessage(connection.association));
			}
			yield* release(connection);
		})(),
	);
	if (pair.stored !== count) throw new Error(`${pair.stored} of ${count} images arrived`);
	return count;
}
