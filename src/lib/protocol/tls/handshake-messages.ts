/** The handshake messages of TLS 1.2 (RFC 5246 7.4, RFC 8422) as plain data, to bytes and back. */
import { concatBytes } from '../x509/der.ts';
import { ByteReader, uint, uint16s } from './byte-reader.ts';

export const MESSAGE = {
	hello_request: 0,
	client_hello: 1,
	server_hello: 2,
	certificate: 11,
	server_key_exchange: 12,
	certificate_request: 13,
	server_hello_done: 14,
	certificate_verify: 15,
	client_key_exchange: 16,
	finished: 20,
} as const;

export interface Extension {
	readonly type: number;
	readonly data: Uint8Array;
}

export interface ClientHello {
	readonly version: number;
	readonly random: Uint8Array;
	readonly sessionId: Uint8Array;
	readonly cipherSuites: readonly number[];
	readonly compressionMethods: Uint8Array;
	readonly extensions: readonly Extension[];
}

export interface ServerHello {
	readonly version: number;
	readonly random: Uint8Array;
	readonly sessionId: Uint8Array;
	readonly cipherSuite: number;
	readonly compressionMethod: number;
	readonly extensions: readonly Extension[];
}

export interface ServerKeyExchange {
	/** The signed part: curve type, group and point. */
	readonly parameters: Uint8Array;
	readonly group: number;
	readonly point: Uint8Array;
	readonly scheme: number;
	readonly signature: Uint8Array;
}

export interface CertificateRequest {
	readonly types: readonly number[];
	readonly schemes: readonly number[];
	/** Distinguished names in DER. */
	readonly authorities: readonly Uint8Array[];
}

const NAMED_CURVE = 3;

export function vector(lengthBytes: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
	const content = concatBytes(parts);
	return concatBytes([uint(content.length, lengthBytes), content]);
}

/** A message with its header: type and length. */
export function handshakeMessage(type: number, body: Uint8Array): Uint8Array {
	return concatBytes([uint(type, 1), vector(3, body)]);
}

export function encodeClientHello(hello: ClientHello): Uint8Array {
	return concatBytes([
		uint(hello.version, 2),
		hello.random,
		vector(1, hello.sessionId),
		vector(2, uint16s(hello.cipherSuites)),
		vector(1, hello.compressionMethods),
		encodeExtensionList(hello.extensions),
	]);
}

export function decodeClientHello(body: Uint8Array): ClientHello | undefined {
	const reader = new ByteReader(body);
	const hello = {
		version: reader.uint(2),
		random: reader.take(32),
		sessionId: reader.vector(1),
		cipherSuites: reader.uint16s(2),
		compressionMethods: reader.vector(1),
		extensions: readExtensionList(reader),
	};
	return hello.extensions && reader.complete && hello.sessionId.length <= 32
		? { ...hello, extensions: hello.extensions }
		: undefined;
}

export function encodeServerHello(hello: ServerHello): Uint8Array {
	return concatBytes([
		uint(hello.version, 2),
		hello.random,
		vector(1, hello.sessionId),
		uint(hello.cipherSuite, 2),
		uint(hello.compressionMethod, 1),
		encodeExtensionList(hello.extensions),
	]);
}

export function decodeServerHello(body: Uint8Array): ServerHello | undefined {
	const reader = new ByteReader(body);
	const hello = {
		version: reader.uint(2),
		random: reader.take(32),
		sessionId: reader.vector(1),
		cipherSuite: reader.uint(2),
		compressionMethod: reader.uint(1),
		extensions: readExtensionList(reader),
	};
	return hello.extensions && reader.complete
		? { ...hello, extensions: hello.extensions }
		: undefined;
}

function encodeExtensionList(extensions: readonly Extension[]): Uint8Array {
	if (extensions.length === 0) return new Uint8Array(0);
	return vector(
		2,
		...extensions.map(({ type, data }) => concatBytes([uint(type, 2), vector(2, data)])),
	);
}

/** The list may be missing altogether; undefined when it is malformed or names a type twice. */
function readExtensionList(reader: ByteReader): Extension[] | undefined {
	if (reader.failed || reader.remaining === 0) return [];
	const inner = new ByteReader(reader.vector(2));
	const extensions: Extension[] = [];
	const seen = new Set<number>();
	while (inner.remaining > 0 && !inner.failed) {
		const type = inner.uint(2);
		if (seen.has(type)) return undefined;
		seen.add(type);
		extensions.push({ type, data: inner.vector(2) });
	}
	return inner.failed ? undefined : extensions;
}

export function encodeCertificateList(chain: readonly Uint8Array[]): Uint8Array {
	return vector(3, ...chain.map((certificate) => vector(3, certificate)));
}

export function decodeCertificateList(body: Uint8Array): Uint8Array[] | undefined {
	const reader = new ByteReader(body);
	const chain = reader.vectors(3, 3);
	return reader.complete ? chain : undefined;
}

/** The part of a ServerKeyExchange that is signed (RFC 8422 5.4). */
export function curveParameters(group: number, point: Uint8Array): Uint8Array {
	return concatBytes([uint(NAMED_CURVE, 1), uint(group, 2), vector(1, point)]);
}

export function encodeServerKeyExchange(
	exchange: Pick<ServerKeyExchange, 'parameters' | 'scheme' | 'signature'>,
): Uint8Array {
	return concatBytes([exchange.parameters, encodeSignature(exchange)]);
}

export function decodeServerKeyExchange(body: Uint8Array): ServerKeyExchange | undefined {
	const reader = new ByteReader(body);
	const curveType = reader.uint(1);
	const group = reader.uint(2);
	const point = reader.vector(1);
	const parameters = body.subarray(0, body.length - reader.remaining);
	const scheme = reader.uint(2);
	const signature = reader.vector(2);
	if (!reader.complete || curveType !== NAMED_CURVE) return undefined;
	return { parameters, group, point, scheme, signature };
}

export function encodeCertificateRequest(request: CertificateRequest): Uint8Array {
	return concatBytes([
		vector(1, Uint8Array.from(request.types)),
		vector(2, uint16s(request.schemes)),
		vector(2, ...request.authorities.map((name) => vector(2, name))),
	]);
}

export function decodeCertificateRequest(body: Uint8Array): CertificateRequest | undefined {
	const reader = new ByteReader(body);
	const request = {
		types: [...reader.vector(1)],
		schemes: reader.uint16s(2),
		authorities: reader.vectors(2, 2),
	};
	return reader.complete ? request : undefined;
}

/** Scheme and signature, as in CertificateVerify. */
export function encodeSignature(signed: { scheme: number; signature: Uint8Array }): Uint8Array {
	return concatBytes([uint(signed.scheme, 2), vector(2, signed.signature)]);
}

export function decodeSignature(
	body: Uint8Array,
): { scheme: number; signature: Uint8Array } | undefined {
	const reader = new ByteReader(body);
	const signed = { scheme: reader.uint(2), signature: reader.vector(2) };
	return reader.complete ? signed : undefined;
}

/** The client's point in a ClientKeyExchange (RFC 8422 5.7). */
export function decodeClientKeyExchange(body: Uint8Array): Uint8Array | undefined {
	const reader = new ByteReader(body);
	const point = reader.vector(1);
	return reader.complete ? point : undefined;
}
