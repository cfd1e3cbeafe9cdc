import { concatBytes } from '../x509/der.ts';
import { pointOf } from '../x509/elliptic-curve.ts';
import { sign } from '../x509/keys.ts';
import { CIPHER_SUITES, runnableSuites, type CipherSuite } from './cipher-suites.ts';
import {
	answersOffer,
	CERTIFICATE_TYPES,
	clientExtensions,
	extensionNamed,
	SIGNATURE_SCHEMES,
} from './extensions.ts';
import {
	decodeCertificateRequest,
	decodeServerHello,
	decodeServerKeyExchange,
	encodeCertificateList,
	encodeClientHello,
	encodeSignature,
	MESSAGE,
	vector,
	type CertificateRequest,
	type ClientHello,
	type ServerKeyExchange,
} from './handshake-messages.ts';
import { decoded, HandshakeFault, type Handshake, type HandshakeLink } from './handshake-link.ts';
import { curveOf, ephemeralKey, Secrets } from './key-agreement.ts';
import type { Randoms } from './key-schedule.ts';
import { checkSignature, examinePeer, NO_PEER, type VerifiedPeer } from './peer-certificate.ts';
import { TLS_VERSIONS } from './policy.ts';

const TLS12 = TLS_VERSIONS['TLS 1.2'];

/** The client's side of a full handshake (RFC 5246 7.3). */
export class ClientHandshake implements Handshake {
	readonly #link: HandshakeLink;
	#hello: ClientHello | undefined;
	#allowed: readonly number[] = [MESSAGE.server_hello];
	#randoms: Randoms = { client: new Uint8Array(0), server: new Uint8Array(0) };
	#suite: CipherSuite | undefined;
	#extendedMasterSecret = false;
	#peer: VerifiedPeer = NO_PEER;
	#exchange: ServerKeyExchange | undefined;
	#request: CertificateRequest | undefined;
	#secrets: Secrets | undefined;

	constructor(link: HandshakeLink) {
		this.#link = link;
	}

	/** Sends ClientHello. */
	start(): void {
		const { policy, environment } = this.#link;
		const version = Math.min(TLS_VERSIONS[policy.maximumVersion], TLS12);
		this.#hello = {
			version,
			random: environment.random(32),
			sessionId: new Uint8Array(0),
			cipherSuites: policy.cipherSuites.map((name) => CIPHER_SUITES[name].code),
			compressionMethods: Uint8Array.of(0),
			extensions: clientExtensions(environment.serverName, version >= TLS12),
		};
		this.#link.send(MESSAGE.client_hello, encodeClientHello(this.#hello));
	}

	handle(type: number, body: Uint8Array): void {
		if (!this.#allowed.includes(type)) {
			throw new HandshakeFault('unexpected_message', 'unexpected message');
		}
		switch (type) {
			case MESSAGE.server_hello:
				this.#serverHello(body);
				this.#allowed = [MESSAGE.certificate];
				break;
			case MESSAGE.certificate:
				this.#certificate(body);
				this.#allowed = [MESSAGE.server_key_exchange];
				break;
			case MESSAGE.server_key_exchange:
				this.#keyExchange(body);
				this.#allowed = [MESSAGE.certificate_request, MESSAGE.server_hello_done];
				break;
			case MESSAGE.certificate_request:
				this.#request = decoded(decodeCertificateRequest(body));
				this.#link.progress.certificateRequest = this.#request;
				this.#allowed = [MESSAGE.server_hello_done];
				break;
			case MESSAGE.server_hello_done:
				if (body.length > 0) throw new HandshakeFault('decode_error', 'length mismatch');
				this.#answer();
				this.#allowed = [MESSAGE.finished];
				break;
			case MESSAGE.finished:
				this.#finished(body);
				this.#allowed = [];
		}
	}

	#serverHello(body: Uint8Array): void {
		const hello = decoded(decodeServerHello(body));
		const { policy } = this.#link;
		const offered = this.#hello;
		if (!offered || hello.version !== TLS12 || offered.version < TLS12) {
			throw new HandshakeFault('protocol_version', 'unsupported protocol');
		}
		const suite = runnableSuites(policy.cipherSuites).find(
			({ code }) => code === hello.cipherSuite,
		);
		if (!suite || hello.compressionMethod !== 0) {
			throw new HandshakeFault('illegal_parameter', 'wrong cipher returned');
		}
		if (!answersOffer(hello.extensions, offered.extensions)) {
			throw new HandshakeFault('unsupported_extension', 'unsolicited extension');
		}
		const renegotiation = extensionNamed(hello.extensions, 'renegotiation_info');
		if (renegotiation && (renegotiation.length !== 1 || renegotiation[0] !== 0)) {
			throw new HandshakeFault('handshake_failure', 'renegotiation mismatch');
		}
		this.#suite = suite;
		this.#randoms = { client: offered.random, server: hello.random };
		this.#extendedMasterSecret =
			extensionNamed(hello.extensions, 'extended_master_secret') !== undefined;
		this.#link.progress.serverHello = {
			suite,
			extendedMasterSecret: this.#extendedMasterSecret,
			secureRenegotiation: renegotiation !== undefined,
		};
		this.#link.agreeOnVersion(hello.version);
	}

	#certificate(body: Uint8Array): void {
		this.#peer = examinePeer(this.#link, body, 'serverAuth');
		const [leaf] = this.#peer.chain;
		if (!leaf) throw new HandshakeFault('decode_error', 'length mismatch');
		if (leaf.publicKey.kind !== this.#suite?.authentication) {
			throw new HandshakeFault('illegal_parameter', 'wrong certificate type');
		}
	}

	#keyExchange(body: Uint8Array): void {
		const exchange = decoded(decodeServerKeyExchange(body));
		const { client, server } = this.#randoms;
		const [leaf] = this.#peer.chain;
		const signed = concatBytes([client, server, exchange.parameters]);
		if (!leaf) return;
		const { key, hash } = checkSignature(leaf.publicKey, exchange, signed);
		this.#link.progress.keyExchange = { curve: curveOf(exchange.group), key, hash };
		this.#exchange = exchange;
	}

	/** Everything from Certificate to Finished, in one flight. */
	#answer(): void {
		const link = this.#link;
		const suite = this.#suite;
		const exchange = this.#exchange;
		if (!suite || !exchange) return;
		const signer = this.#request && this.#signer(this.#request);
		if (this.#request) {
			const chain = signer ? (link.policy.identity?.chain ?? []) : [];
			link.send(MESSAGE.certificate, encodeCertificateList(chain.map(({ der }) => der)));
		}
		const own = ephemeralKey(exchange.group, link.environment.random);
		link.send(MESSAGE.client_key_exchange, vector(1, pointOf(own)));
		this.#secrets = new Secrets(link, suite, this.#randoms, {
			own,
			peerPoint: exchange.point,
			extendedMasterSecret: this.#extendedMasterSecret,
		});
		if (signer) {
			const signature = sign(signer.key, signer.hash, concatBytes(link.transcript));
			const verify = encodeSignature({ scheme: signer.scheme, signature });
			link.send(MESSAGE.certificate_verify, verify);
		}
		this.#secrets.sendFinished(link, 'client');
		link.awaitChangeCipherSpec(this.#secrets.keys.server);
	}

	/** How to sign for the server; undefined when there is no certificate or none that it would take. */
	#signer(request: CertificateRequest) {
		const key = this.#link.policy.identity?.key;
		const scheme = SIGNATURE_SCHEMES.find(
			({ code, key: kind }) => kind === key?.kind && request.schemes.includes(code),
		);
		if (!key || !scheme || !request.types.includes(CERTIFICATE_TYPES[key.kind])) return undefined;
		return { key, scheme: scheme.code, hash: scheme.hash };
	}

	#finished(body: Uint8Array): void {
		const secrets = this.#secrets;
		const suite = this.#suite;
		if (!secrets || !suite) return;
		secrets.checkFinished(this.#link, 'server', body);
		this.#link.complete({
			version: 'TLS 1.2',
			cipherSuite: suite,
			peerChain: this.#peer.chain,
			peerPath: this.#peer.path,
			peerProblems: this.#peer.problems,
			serverName: this.#link.environment.serverName,
			keyLogLine: secrets.keyLogLine,
		});
	}
}
