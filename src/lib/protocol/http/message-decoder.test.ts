import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestDecoder, responseDecoder } from './decoders.ts';
import { DEFAULT_HTTP_LIMITS } from './limits.ts';
import type { HttpEvent, MessageDecoder } from './message-decoder.ts';
import type { HttpField } from './message.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Events with the views of a body joined: they may end anywhere. */
function joined<Head>(events: HttpEvent<Head>[]): unknown[] {
	const out: unknown[] = [];
	for (const event of events) {
		const last = out.at(-1);
		if (event.kind === 'body' && Array.isArray(last)) last[0] += text(event.bytes);
		else out.push(event.kind === 'body' ? [text(event.bytes)] : event);
	}
	return out;
}

function decode<Head extends { fields: readonly HttpField[] }>(
	decoder: MessageDecoder<Head>,
	stream: Uint8Array,
	cuts: readonly number[] = [],
): unknown[] {
	const events: HttpEvent<Head>[] = [];
	const at = [0, ...[...cuts].sort((a, b) => a - b), stream.length];
	for (let i = 1; i < at.length; i++) {
		events.push(...decoder.push(stream.subarray(at[i - 1], at[i])));
	}
	events.push(...decoder.end());
	return joined(events);
}

const requests = (stream: string): unknown[] => decode(requestDecoder(), latin1(stream));

/** The status a hostile request is refused with; undefined when it is taken. */
function refusal(stream: string): number | undefined {
	const failed = requestDecoder()
		.push(latin1(stream))
		.find((event) => event.kind === 'failed');
	return failed?.problem.status;
}

test('a request, its fields as written and its body', () => {
	expect(
		requests(
			'\r\nPOST /a?b=c HTTP/1.1\r\nHost: pacs\r\nX-A:  1 \t\r\ncontent-length: 5\r\n\r\nhello',
		),
	).toEqual([
		{
			kind: 'head',
			head: {
				method: 'POST',
				target: '/a?b=c',
				minorVersion: 1,
				fields: [
					['Host', 'pacs'],
					['X-A', '1'],
					['content-length', '5'],
				],
			},
			framing: { kind: 'length', bytes: 5 },
		},
		['hello'],
		{ kind: 'end', trailers: [] },
	]);
});

test('chunks are joined, extensions skipped, trailers told apart', () => {
	const chunks = '3;a="b"\r\nabc\r\n0A\r\n0123456789\r\n000\r\nDigest: x\r\n\r\n';
	const events = requests(
		`PUT / HTTP/1.1\r\nHost: p\r\nTransfer-Encoding: Chunked\r\n\r\n${chunks}`,
	);
	expect(events.slice(1)).toEqual([
		['abc0123456789'],
		{ kind: 'end', trailers: [['Digest', 'x']] },
	]);
});

const get = (fields: string): string => `GET / HTTP/1.1\r\nHost: p\r\n${fields}\r\n\r\n`;
const post = (fields: string, body = ''): string =>
	`POST / HTTP/1.1\r\nHost: p\r\n${fields}\r\n\r\n${body}`;
const chunked = (body: string): string => post('Transfer-Encoding: chunked', body);

test.each([
	['two lengths', post('Content-Length: 1\r\nContent-Length: 1', 'a'), 400],
	['a list of lengths', post('Content-Length: 1, 1', 'a'), 400],
	['a length with a sign', post('Content-Length: +1', 'a'), 400],
	['a length in hexadecimal', post('Content-Length: 0x1', 'a'), 400],
	['an empty length', post('Content-Length:', 'a'), 400],
	['length and coding', post('Content-Length: 3\r\nTransfer-Encoding: chunked', '0\r\n\r\n'), 400],
	['coding in HTTP/1.0', 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
	['chunked is not last', post('Transfer-Encoding: chunked, gzip'), 400],
	['chunked twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'), 400],
	['an unknown coding', post('Transfer-Encoding: gzip, chunked'), 501],
	['a blank before the colon', get('X-A : 1'), 400],
	['a folded line', get('X-A: 1\r\n 2'), 400],
	['a blank before the first field', 'GET / HTTP/1.1\r\n Host: p\r\n\r\n', 400],
	['a field without colon', get('X-A'), 400],
	['a field without name', get(': a'), 400],
	['a NUL in a value', get('X-A: a\0b'), 400],
	['a CR in a value', get('X-A: a\rb'), 400],
	['bare LF', 'GET / HTTP/1.1\nHost: p\n\n', 400],
	['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
	['two Hosts', get('Host: q'), 400],
	['a Host that is none', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
	['no version', 'GET /\r\n', 400],
	['two blanks', 'GET  / HTTP/1.1\r\nHost: p\r\n\r\n', 400],
	['a lower-case version', 'GET / http/1.1\r\n\r\n', 400],
	['HTTP/2', 'PRI * HTTP/2.0\r\n\r\n', 505],
	['an unknown method', 'BREW / HTTP/1.1\r\nHost: p\r\n\r\n', 501],
	['a method that is no token', 'G(T / HTTP/1.1\r\nHost: p\r\n\r\n', 400],
	['a fragment', 'GET /#a HTTP/1.1\r\nHost: p\r\n\r\n', 400],
	['asterisk with GET', 'GET * HTTP/1.1\r\nHost: p\r\n\r\n', 400],
	['a relative target', 'GET a HTTP/1.1\r\nHost: p\r\n\r\n', 400],
	['a tls hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n', 400],
	['a long target', `GET /${'a'.repeat(8_192)} HTTP/1.1\r\n`, 414],
	['an endless line', 'a'.repeat(9_000), 414],
	['a long field', get(`X-A: ${'a'.repeat(40_000)}`), 431],
	['many long fields', get(`X-A: ${'a'.repeat(5_000)}\r\n`.repeat(8)), 431],
	['many fields', get('X-A: a\r\n'.repeat(101)), 431],
	['a body over the limit', post('Content-Length: 10485761'), 413],
	['a length beyond all numbers', post(`Content-Length: ${'9'.repeat(400)}`), 413],
	['a chunk over the limit', chunked('FFFFFFFF\r\n'), 413],
	['chunks over the limit', chunked(`A00000\r\n${'a'.repeat(0xa00000)}\r\n1\r\n`), 413],
	['no chunk size', chunked(';a\r\n'), 400],
	['a negative chunk size', chunked('-1\r\n'), 400],
	['a chunk size with 0x', chunked('0x1\r\na\r\n'), 400],
	['a chunk that goes on', chunked('1\r\nabc\r\n'), 400],
	['a chunk size line that goes on', chunked(`1;${'a'.repeat(300)}\r\n`), 400],
	['a chunk size with bare LF', chunked('1\na\r\n'), 400],
])('%s: %#', (_what, stream, status) => {
	expect(refusal(stream)).toBe(status);
});

test.each([
	['a length of the limit', post('Content-Length: 10485760')],
	['leading zeros', post('Content-Length: 0000000000000000000001', 'a')],
	['HTTP/1.0 without Host', 'GET / HTTP/1.0\r\n\r\n'],
	['a later minor version', 'GET / HTTP/1.4\r\nHost: p\r\n\r\n'],
	['absolute form', 'GET http://pacs:8042/a HTTP/1.1\r\nHost: pacs:8042\r\n\r\n'],
	['an empty Host', 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
	['obs-text in a value', get('X-A: M\xfcller')],
	['a hundred fields', get('X-A: a\r\n'.repeat(98) + 'X-A: a')],
])('%s is taken: %#', (_what, stream) => {
	expect(refusal(stream)).toBeUndefined();
});

test('nothing follows a failure, and the head that failed is told', () => {
	const stream = latin1(
		post('Content-Length: 1\r\nTransfer-Encoding: chunked') + get('X-A: smuggled'),
	);
	const events = requestDecoder().push(stream);
	expect(events).toHaveLength(1);
	expect(events[0]).toMatchObject({ kind: 'failed', head: { method: 'POST', target: '/' } });
});

test('the limit of a body is that of one message', () => {
	const limits = { ...DEFAULT_HTTP_LIMITS, bodyBytes: 5 };
	const one = chunked('3\r\nabc\r\n0\r\n\r\n');
	const events = requestDecoder(limits).push(latin1(one + one));
	expect(events.map((event) => event.kind)).toEqual(['head', 'body', 'end', 'head', 'body', 'end']);
});

test('responses: no body after HEAD, 1xx, 204 and 304; until close without a length', () => {
	const methods = ['HEAD', 'GET', 'GET'];
	const stream =
		'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n' +
		'HTTP/1.1 204\r\n\r\nHTTP/1.0 200 \r\n\r\nall the rest';
	const decoder = responseDecoder(() => methods[0] ?? '');
	const events: HttpEvent<{ status: number; fields: readonly HttpField[] }>[] = [];
	for (const byte of latin1(stream)) {
		for (const event of decoder.push(Uint8Array.of(byte))) {
			events.push(event);
			if (event.kind === 'head' && event.head.status >= 200) methods.shift();
		}
	}
	events.push(...decoder.end());
	const heads = events.filter((event) => event.kind === 'head');
	expect(heads.map((event) => event.head.status)).toEqual([200, 100, 204, 200]);
	expect(joined(events).slice(-2)).toEqual([['all the rest'], { kind: 'end', trailers: [] }]);
});

test('a connection that ends within a message breaks it off', () => {
	const cut = decode(
		responseDecoder(() => 'GET'),
		latin1('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'),
	);
	expect(cut.at(-1)).toMatchObject({ kind: 'failed' });
	expect(requests('')).toEqual([]);
});

const field = fc.tuple(
	fc.stringMatching(/^X-[A-Za-z0-9]{1,8}$/),
	fc.stringMatching(/^([!-~]([ -~]{0,20}[!-~])?)?$/),
);
const body = fc.uint8Array({ maxLength: 60 });
const message = fc
	.record({ fields: fc.array(field, { maxLength: 4 }), body, sizes: fc.array(fc.nat(20)) })
	.map(({ fields, body: content, sizes }) => {
		const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
		if (content.length === 0) return `GET /x HTTP/1.1\r\nHost: p\r\n${lines}\r\n`;
		if (sizes.length === 0) {
			const length = `Content-Length: ${content.length}\r\n`;
			return `POST /x HTTP/1.1\r\nHost: p\r\n${length}${lines}\r\n${text(content)}`;
		}
		let chunks = '';
		for (let at = 0, i = 0; at < content.length; i++) {
			const part = content.subarray(at, at + 1 + (sizes[i % sizes.length] ?? 0));
			chunks += `${part.length.toString(16)}\r\n${text(part)}\r\n`;
			at += part.length;
		}
		return `POST /x HTTP/1.1\r\nHost: p\r\n${lines}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`;
	});
/** Good messages, and some with a byte changed. */
const stream = fc
	.tuple(fc.array(message, { maxLength: 3 }), fc.option(fc.tuple(fc.nat(), fc.nat(255))))
	.map(([messages, damage]) => {
		const bytes = latin1(messages.join(''));
		if (damage && bytes.length > 0) bytes[damage[0] % bytes.length] = damage[1];
		return bytes;
	});

test('property: any segmentation gives the same events', () => {
	const few = { ...DEFAULT_HTTP_LIMITS, startLineBytes: 40, fieldBytes: 60, bodyBytes: 50 };
	fc.assert(
		fc.property(stream, fc.infiniteStream(fc.nat()), fc.boolean(), (bytes, random, tight) => {
			const limits = tight ? few : DEFAULT_HTTP_LIMITS;
			const whole = decode(requestDecoder(limits), bytes);
			const cuts = [...random.take(6)].map((n) => n % (bytes.length + 1));
			expect(decode(requestDecoder(limits), bytes, cuts)).toEqual(whole);
			const everywhere = Array.from({ length: bytes.length }, (_, i) => i);
			expect(decode(requestDecoder(limits), bytes, everywhere)).toEqual(whole);
		}),
		{ numRuns: 400 },
	);
});

test('property: any bytes at all give events and never an exception', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
			decode(requestDecoder(), bytes);
			decode(
				responseDecoder(() => 'GET'),
				bytes,
			);
		}),
	);
});

test('bodies are views, and ten megabytes in small pieces take no copy of them', () => {
	const decoder = requestDecoder();
	decoder.push(latin1(post('Content-Length: 10485760')));
	const chunk = new Uint8Array(1_460).fill(7);
	let received = 0;
	for (let left = 10_485_760; left > 0; left -= chunk.length) {
		for (const event of decoder.push(chunk.subarray(0, Math.min(left, chunk.length)))) {
			if (event.kind !== 'body') continue;
			received += event.bytes.length;
			if (event.bytes.buffer !== chunk.buffer) throw new Error('copied');
		}
	}
	expect(received).toBe(10_485_760);
	expect(decoder.idle).toBe(true);
});
