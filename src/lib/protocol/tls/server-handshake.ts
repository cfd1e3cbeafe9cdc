import { concatBytes } from '../x509/der.ts';
import { pointOf, type EcPrivate } from '../x509/elliptic-curve.ts';
import { sign } from '../x509/keys.ts';
import { runnableSuites, type CipherSuite } from './cipher-suites.ts';
import {
	CERTIFICATE_TYPES,
	decodeNumbers,
	decodeServerName,
	extensionNamed,
	GROUPS,
	RENEGOTIATION_SCSV,
	serverExtensions,
	SIGNATURE_SCHEMES,
} from './extensions.ts';
import {
	curveParameters,
	decodeClientHello,
	decodeClientKeyExchange,
	decodeSignature,
	encodeCertificateList,
	encodeCertificateRequest,
	encodeServerHello,
	encodeServerKeyExchange,
	MESSAGE,
	type ClientHello,
} from './handshake-messages.ts';
import { decoded, HandshakeFault, type Handshake, type HandshakeLink } from './handshake-link.ts';
import { ephemeralKey, Secrets } from './key-agreement.ts';
import type { Randoms } from './key-schedule.ts';
import { checkSignature, examinePeer, NO_PEER, type VerifiedPeer } from './peer-certificate.ts';
import { TLS_VERSIONS } from './policy.ts';

const TLS12 = TLS_VERSIONS['TLS 1.2'];

/** What was chosen from a ClientHello. */
interface Choice {
	readonly suite: CipherSuite;
	readonly group: number;
	readonly scheme: (typeof SIGNATURE_SCHEMES)[number];
}

/** The server's side of a full handshake (RFC 5246 7.3). */
export class ServerHandshake implements Handshake {
	readonly #link: HandshakeLink;
	#allowed: readonly number[] = [MESSAGE.client_hello];
	#suite: CipherSuite | undefined;
	#randoms: Randoms = { client: new Uint8Array(0), server: new Uint8Array(0) };
	#extendedMasterSecret = false;
	#serverName: string | undefined;
	#own: EcPrivate | undefined;
	#peer: VerifiedPeer = NO_PEER;
	#secrets: Secrets | undefined;

	constructor(link: HandshakeLink) {
		this.#link = link;
	}

	handle(type: number, body: Uint8Array): void {
		if (!this.#allowed.includes(type)) {
			throw new HandshakeFault('unexpected_message', 'unexpected message');
		}
		switch (type) {
			case MESSAGE.client_hello:
				this.#clientHello(body);
				this.#allowed = [
					this.#asksForCertificate ? MESSAGE.certificate : MESSAGE.client_key_exchange,
				];
				break;
			case MESSAGE.certificate:
				this.#certificate(body);
				this.#allowed = [MESSAGE.client_key_exchange];
				break;
			case MESSAGE.client_key_exchange:
				this.#keyExchange(body);
				break;
			case MESSAGE.certificate_verify:
				this.#certificateVerify(body);
				this.#awaitFinished();
				break;
			case MESSAGE.finished:
				this.#finished(body);
				this.#allowed = [];
		}
	}

	get #asksForCertificate(): boolean {
		return this.#link.policy.clientCertificate !== 'none';
	}

	#clientHello(body: Uint8Array): void {
		const hello = decoded(decodeClientHello(body));
		const link = this.#link;
		link.agreeOnVersion(Math.max(TLS_VERSIONS['TLS 1.0'], Math.min(hello.version, TLS12)));
		this.#requireVersion(hello);
		const renegotiation = extensionNamed(hello.extensions, 'renegotiation_info');
		if (renegotiation && (renegotiation.length !== 1 || renegotiation[0] !== 0)) {
			throw new HandshakeFault('handshake_failure', 'renegotiation mismatch');
		}
		if (!hello.compressionMethods.includes(0)) {
			throw new HandshakeFault('decode_error', 'no compression specified');
		}
		const choice = this.#choose(hello);
		link.agreeOnVersion(TLS12);
		this.#suite = choice.suite;
		this.#serverName = decodeServerName(extensionNamed(hello.extensions, 'server_name'));
		this.#extendedMasterSecret =
			extensionNamed(hello.extensions, 'extended_master_secret') !== undefined;
		this.#randoms = { client: hello.random, server: link.environment.random(32) };
		const secure = renegotiation !== undefined || hello.cipherSuites.includes(RENEGOTIATION_SCSV);
		link.send(
			MESSAGE.server_hello,
			encodeServerHello({
				version: TLS12,
				random: this.#randoms.server,
				sessionId: new Uint8Array(0),
				cipherSuite: choice.suite.code,
				compressionMethod: 0,
				extensions: serverExtensions(hello.extensions, secure),
			}),
		);
		this.#sendFlight(choice);
	}

	/**
	 * Versions that both sides allow. Of those only TLS 1.2 is run; older ones come without any of the suites
	 * that are (RFC 5288 section 4), and so end as they do between products that share no cipher.
	 */
	#requireVersion({ version, extensions }: ClientHello): void {
		const list = decodeNumbers(extensionNamed(extensions, 'supported_versions'), 1);
		const { policy } = this.#link;
		const lowest = TLS_VERSIONS[policy.minimumVersion];
		const highest = TLS_VERSIONS[policy.maximumVersion];
		const shared = Object.values(TLS_VERSIONS).filter((one) => {
			const offered = list ? list.includes(one) : one <= Math.min(version, TLS12);
			return offered && one >= lowest && one <= highest;
		});
		if (shared.includes(TLS12)) return;
		if (shared.some((one) => one < TLS12)) {
			throw new HandshakeFault('handshake_failure', 'no shared cipher');
		}
		throw new HandshakeFault('protocol_version', 'unsupported protocol');
	}

	#choose({ cipherSuites, extensions }: ClientHello): Choice {
		const { policy } = this.#link;
		const groupList = extensionNamed(extensions, 'supported_groups');
		// A client that names no groups takes any; the groups bind the certificate too (RFC 8422 section 4, 5.1).
		const named = groupList && decoded(decodeNumbers(groupList, 2));
		const groups = GROUPS.filter(({ code }) => named?.includes(code) ?? true);
		const key = policy.identity?.key;
		const fits = key?.kind === 'rsa' || groups.some(({ curve }) => curve === key?.curve);
		const suite = runnableSuites(policy.cipherSuites).find(
			({ code, authentication }) =>
				cipherSuites.includes(code) && authentication === key?.kind && fits,
		);
		const group = groups[0]?.code;
		if (!suite || group === undefined) {
			throw new HandshakeFault('handshake_failure', 'no shared cipher');
		}
		const schemes = decodeNumbers(extensionNamed(extensions, 'signature_algorithms'), 2) ?? [];
		const scheme = SIGNATURE_SCHEMES.find(
			({ code, key: kind }) => kind === key?.kind && schemes.includes(code),
		);
		if (!scheme) throw new HandshakeFault('handshake_failure', 'no shared signature algorithms');
		return { suite, group, scheme };
	}

	/** Certificate to ServerHelloDone. */
	#sendFlight({ group, scheme }: Choice): void {
		const link = this.#link;
		const { identity, trusted } = link.policy;
		if (!identity) return;
		const chain = identity.chain.map(({ der }) => der);
		link.send(MESSAGE.certificate, encodeCertificateList(chain));
		this.#own = ephemeralKey(group, link.environment.random);
		const parameters = curveParameters(group, pointOf(this.#own));
		const { client, server } = this.#randoms;
		const signature = sign(identity.key, scheme.hash, concatBytes([client, server, parameters]));
		const exchange = encodeServerKeyExchange({ parameters, scheme: scheme.code, signature });
		link.send(MESSAGE.server_key_exchange, exchange);
		if (this.#asksForCertificate) {
			const request = encodeCertificateRequest({
				types: Object.values(CERTIFICATE_TYPES),
				schemes: SIGNATURE_SCHEMES.map(({ code }) => code),
				authorities: trusted.map(({ subject }) => subject.der),
			});
			link.send(MESSAGE.certificate_request, request);
		}
		link.send(MESSAGE.server_hello_done, new Uint8Array(0));
	}

	#certificate(body: Uint8Array): void {
		this.#peer = examinePeer(this.#link, body, 'clientAuth');
		const required = this.#link.policy.clientCertificate === 'required';
		if (this.#peer.chain.length === 0 && required) {
			throw new HandshakeFault('handshake_failure', 'peer did not return a certificate');
		}
	}

	#keyExchange(body: Uint8Array): void {
		const suite = this.#suite;
		const own = this.#own;
		if (!suite || !own) return;
		this.#secrets = new Secrets(this.#link, suite, this.#randoms, {
			own,
			peerPoint: decoded(decodeClientKeyExchange(body)),
			extendedMasterSecret: this.#extendedMasterSecret,
		});
		if (this.#peer.chain.length > 0) this.#allowed = [MESSAGE.certificate_verify];
		else this.#awaitFinished();
	}

	#certificateVerify(body: Uint8Array): void {
		const [leaf] = this.#peer.chain;
		const before = concatBytes(this.#link.transcript.slice(0, -1));
		if (leaf) checkSignature(leaf.publicKey, decoded(decodeSignature(body)), before);
	}

	#awaitFinished(): void {
		if (this.#secrets) this.#link.awaitChangeCipherSpec(this.#secrets.keys.client);
		this.#allowed = [MESSAGE.finished];
	}

	#finished(body: Uint8Array): void {
		const link = this.#link;
		const secrets = this.#secrets;
		const suite = this.#suite;
		if (!secrets || !suite) return;
		secrets.checkFinished(link, 'client', body);
		secrets.sendFinished(link, 'server');
		link.complete({
			version: 'TLS 1.2',
			cipherSuite: suite,
			peerChain: this.#peer.chain,
			peerPath: this.#peer.path,
			peerProblems: this.#peer.problems,
			serverName: this.#serverName,
			keyLogLine: secrets.keyLogLine,
		});
	}
}
