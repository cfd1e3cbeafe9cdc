import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Association } from '#lib/protocol/dicom/association.ts';
import type { DimseMessage } from '#lib/protocol/dicom/dimse/message.ts';
import { BENCH_REQUEST, echoMessage, storeMessage } from './bench-association.ts';
import { bind } from './socket-association.ts';

/** Our acceptor in another process. */
export interface OwnAcceptor {
	port: number;
	stop(): void;
}

/** Starts our acceptor in a process of its own, as DCMTK's storescp is one. */
export async function startAcceptor(): Promise<OwnAcceptor> {
	const child = fork(fileURLToPath(new URL('acceptor-process.ts', import.meta.url)), {
		stdio: 'inherit',
	});
	const [port] = (await once(child, 'message')) as [number];
	return { port, stop: () => child.kill() };
}

/** One association to 127.0.0.1 on which a message is sent that often, each after the answer to the one before. */
function converse(
	port: number,
	count: number,
	messageOf: (association: Association) => DimseMessage,
): Promise<void> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, '127.0.0.1');
		const association = new Association({ role: 'requestor' });
		let left = count;
		const drain = bind(association, socket, (output) => {
			if (output.kind === 'connect') association.transportConnected();
			else if (output.kind === 'associate-confirm') association.send(messageOf(association));
			else if (output.kind === 'message') {
				left--;
				if (left > 0) association.send(messageOf(association));
				else association.release();
			} else if (output.kind === 'abort-indication') reject(new Error('association aborted'));
		});
		socket.on('error', reject);
		socket.on('close', () => {
			if (left === 0) resolve();
			else reject(new Error(`${left} of ${count} messages not answered`));
		});
		socket.on('connect', () => {
			association.request(BENCH_REQUEST);
			drain();
		});
	});
}

/** C-STOREs of the CT image on one association. Returns their number. */
export async function loopbackStores(port: number, count: number): Promise<number> {
	await converse(port, count, storeMessage);
	return count;
}

/** Associations one after the other: connect, associate, C-ECHO, release. Returns their number. */
export async function loopbackAssociations(port: number, count: number): Promise<number> {
	for (let i = 0; i < count; i++) await converse(port, 1, echoMessage);
	return count;
}
