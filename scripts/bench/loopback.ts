import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Association, type AssociationOutput } from '#lib/protocol/dicom/association.ts';
import { responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import { BENCH_POLICY, BENCH_REQUEST, storeMessage } from './bench-association.ts';

/** Drives an association over a socket; what is news for its user goes to `onNews`. */
function bind(
	association: Association,
	socket: Socket,
	onNews: (output: AssociationOutput) => void,
): () => void {
	const drain = (): void => {
		socket.cork();
		for (let output = association.next(); output; output = association.next()) {
			if (output.kind === 'send') for (const piece of output.bytes) socket.write(piece);
			else if (output.kind === 'close') socket.end();
			else onNews(output);
		}
		socket.uncork();
	};
	socket.setNoDelay(true);
	socket.on('data', (chunk: Uint8Array) => {
		association.receive(chunk);
		drain();
	});
	socket.on('close', () => {
		association.transportClosed();
		drain();
	});
	return drain;
}

function serve(socket: Socket): void {
	const association = new Association({ role: 'acceptor' });
	const drain = bind(association, socket, (output) => {
		if (output.kind === 'associate-indication') {
			const answer = negotiate(output.rq, BENCH_POLICY, 0);
			if (answer.kind === 'A-ASSOCIATE-AC') association.accept(answer);
		} else if (output.kind === 'message') {
			const { contextId, command } = output.message;
			association.send({ contextId, command: responseTo(command, { status: 0x0000 }) });
		} else if (output.kind === 'release-indication') association.respondRelease();
	});
	association.transportConnected();
	drain();
}

function send(port: number, count: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1');
		const association = new Association({ role: 'requestor' });
		let left = count;
		const drain = bind(association, socket, (output) => {
			if (output.kind === 'connect') association.transportConnected();
			else if (output.kind === 'associate-confirm') {
				association.send(storeMessage(association));
			} else if (output.kind === 'message') {
				left--;
				if (left > 0) association.send(storeMessage(association));
				else association.release();
			} else if (output.kind === 'abort-indication') reject(new Error('association aborted'));
		});
		socket.on('error', reject);
		socket.on('close', () => {
			if (left === 0) resolve();
			else reject(new Error(`${left} of ${count} images not sent`));
		});
		socket.on('connect', () => {
			association.request(BENCH_REQUEST);
			drain();
		});
	});
}

/** C-STOREs of the CT image over 127.0.0.1, both ends in this process. Returns their number. */
export async function loopbackStores(count: number): Promise<number> {
	const server = createServer(serve);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	await send((server.address() as AddressInfo).port, count);
	server.close();
	return count;
}
