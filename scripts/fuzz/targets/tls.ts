import { Pki } from '#lib/protocol/tls/tls-pair.fixture.ts';
import { TlsConnection } from '#lib/protocol/tls/tls-connection.ts';
import { readCertificate, readPemCertificates } from '#lib/protocol/x509/certificate.ts';
import { certificateText } from '#lib/protocol/x509/describe-certificate.ts';
import { chunksOf, type FuzzTarget } from '../define-target.ts';

const pki = new Pki('fuzz');
const node = pki.host([{ kind: 'dns', value: 'pacs' }]);
const caller = pki.host([{ kind: 'dns', value: 'ct1' }]);
const serverPolicy = pki.policy(node, { clientCertificate: 'required' });
const clientPolicy = pki.policy(caller);

const end = (role: 'client' | 'server') =>
	new TlsConnection(role, role === 'client' ? clientPolicy : serverPolicy, pki.environment(role));

/** What each end sends in a handshake with client certificate and one record of data. */
function conversation(): { fromClient: Uint8Array; fromServer: Uint8Array } {
	const sent: Record<'client' | 'server', Uint8Array[]> = { client: [], server: [] };
	const client = end('client');
	const server = end('server');
	client.start();
	for (let busy = true; busy;) {
		busy = false;
		for (const from of ['client', 'server'] as const) {
			const own = from === 'client' ? client : server;
			const other = from === 'client' ? server : client;
			for (let output = own.next(); output; output = own.next()) {
				if (output.kind !== 'send') continue;
				sent[from].push(output.bytes);
				other.receive(output.bytes);
				busy = true;
			}
		}
	}
	return { fromClient: join(sent.client), fromServer: join(sent.server) };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
	return new Uint8Array(Buffer.concat(parts));
}

/** Whether the handshake was completed. */
function receive(own: TlsConnection, chunks: Iterable<Uint8Array>): boolean {
	let established = false;
	const drain = (): void => {
		for (let output = own.next(); output; output = own.next()) {
			established ||= output.kind === 'established';
		}
	};
	drain();
	for (const chunk of chunks) {
		own.receive(chunk);
		drain();
	}
	return established;
}

function client(): TlsConnection {
	const own = end('client');
	own.start();
	return own;
}

export const tlsServerTarget: FuzzTarget = {
	name: 'TLS, acceptor',
	seeds: () => [conversation().fromClient],
	run: (input, random) => void receive(end('server'), chunksOf(input, random)),
	understands: (seed) => receive(end('server'), [seed]),
};

export const tlsClientTarget: FuzzTarget = {
	name: 'TLS, requestor',
	seeds: () => [conversation().fromServer],
	run: (input, random) => void receive(client(), chunksOf(input, random)),
	understands: (seed) => receive(client(), [seed]),
};

function describe(input: Uint8Array): boolean {
	const certificate = readCertificate(input);
	if (certificate) certificateText(certificate);
	readPemCertificates(new TextDecoder('latin1').decode(input));
	return certificate !== undefined;
}

export const certificateTarget: FuzzTarget = {
	name: 'X.509 certificate',
	seeds: () => [node.certificate.der, pki.root.certificate.der],
	run: (input) => void describe(input),
	understands: describe,
};
