import type { Socket } from 'node:net';
import { Association, type AssociationOutput } from '#lib/protocol/dicom/association.ts';
import { responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import { BENCH_POLICY } from './bench-association.ts';

/**
 * Drives an association over a socket; what is news for its user goes to `onNews`. Returns what carries out
 * the outputs, to be called after every primitive.
 */
export function bind(
	association: Association,
	socket: Socket,
	onNews: (output: AssociationOutput) => void,
): () => void {
	const drain = (): void => {
		const pieces: Uint8Array[] = [];
		let closes = false;
		for (let output = association.next(); output; output = association.next()) {
			if (output.kind === 'send') pieces.push(...output.bytes);
			else if (output.kind === 'close') closes = true;
			else onNews(output);
		}
		write(socket, pieces);
		if (closes) socket.end();
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

/** Up to this size one buffer is cheaper for the socket than several. */
const JOIN_BYTES = 4_096;

function write(socket: Socket, pieces: readonly Uint8Array[]): void {
	const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
	if (sizeBytes === 0) return;
	if (sizeBytes <= JOIN_BYTES) {
		socket.write(Buffer.concat(pieces, sizeBytes));
		return;
	}
	socket.cork();
	for (const piece of pieces) socket.write(piece);
	socket.uncork();
}

/** Accepts the association of the bench on a connected socket and answers every request with success. */
export function acceptOn(socket: Socket): void {
	const association = new Association({ role: 'acceptor' });
	const drain = bind(association, socket, (output) => {
		if (output.kind === 'associate-indication') {
			const answer = negotiate(output.rq, BENCH_POLICY, 0);
			if (answer.kind === 'A-ASSOCIATE-AC') association.accept(answer);
			else association.reject(answer);
		} else if (output.kind === 'message') {
			const { contextId, command } = output.message;
			association.send({ contextId, command: responseTo(command, { status: 0x0000 }) });
		} else if (output.kind === 'release-indication') association.respondRelease();
	});
	// A peer that goes away is not this end's fault; the sender counts what arrived.
	socket.on('error', () => socket.destroy());
	association.transportConnected();
	drain();
}
