/**
 * dcmjs-dimse at both ends, what a simulator built on it would start from. In a process of its own, because it
 * cannot be kept from writing to the console: `startDcmjsDimse` starts it and gives it tasks.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import dimse from 'dcmjs-dimse';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { ctFile } from './ct-object.ts';
import type { DcmjsDimseTask } from './start-dcmjs-dimse.ts';

const { Client, Dataset, Scp } = dimse;
const { CEchoRequest, CStoreRequest } = dimse.requests;
const { CEchoResponse, CStoreResponse } = dimse.responses;
const { PresentationContextResult, Status } = dimse.constants;

class Sink extends Scp {
	override associationRequested(association: InstanceType<typeof dimse.association.Association>) {
		for (const { id } of association.getPresentationContexts()) {
			const context = association.getPresentationContext(id);
			const [first] = context.getTransferSyntaxUids();
			context.setResult(PresentationContextResult.Accept, first);
		}
		this.sendAssociationAccept();
	}

	override cEchoRequest(
		request: InstanceType<typeof CEchoRequest>,
		callback: (response: InstanceType<typeof CEchoResponse>) => void,
	) {
		const response = CEchoResponse.fromRequest(request);
		response.setStatus(Status.Success);
		callback(response);
	}

	override cStoreRequest(
		request: InstanceType<typeof CStoreRequest>,
		callback: (response: InstanceType<typeof CStoreResponse>) => void,
	) {
		const response = CStoreResponse.fromRequest(request);
		response.setStatus(Status.Success);
		callback(response);
	}

	override associationReleaseRequested() {
		this.sendAssociationReleaseResponse();
	}
}

// Its own Server class listens on every address of the machine; this one on the loopback interface only.
const server = createServer((socket) => void new Sink(socket, {}));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const file = ctFile();
const bytes = Buffer.from(file.subarray(firstByteOfDataSet(file)));
const dataset = new Dataset(bytes, UID.LittleEndianExplicit);

/** Sends the requests on one association. */
function send(requests: InstanceType<typeof CEchoRequest>[]): Promise<void> {
	return new Promise((resolve, reject) => {
		const client = new Client();
		let left = requests.length;
		for (const request of requests) {
			request.on('response', (response: { getStatus(): number }) => {
				if (response.getStatus() === Status.Success) left--;
			});
			client.addRequest(request);
		}
		client.on('networkError', reject);
		client.on('closed', () => {
			if (left === 0) resolve();
			else reject(new Error(`dcmjs-dimse: ${left} requests without success`));
		});
		client.send('127.0.0.1', port, 'BENCH_SCU', 'BENCH_SCP');
	});
}

/** Where the data set begins: after preamble, prefix and File Meta Information, whose group length comes first. */
function firstByteOfDataSet(file: Uint8Array): number {
	const view = new DataView(file.buffer, file.byteOffset, file.length);
	return 144 + view.getUint32(140, true);
}

process.on('message', async (task: DcmjsDimseTask) => {
	if (task.what === 'stores') {
		await send(Array.from({ length: task.count }, () => new CStoreRequest(dataset)));
	} else for (let i = 0; i < task.count; i++) await send([new CEchoRequest()]);
	process.send?.('done');
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
