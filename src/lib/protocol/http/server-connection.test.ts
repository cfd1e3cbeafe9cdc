import { expect, test } from 'vitest';
import { ServerConnection, type ServerOptions, type ServerOutput } from './server-connection.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const OK = { status: 200, fields: [], body: [latin1('yes')] };

/** A connection whose requests are answered at once with their targets, and all that it sends. */
function server(options: ServerOptions = {}, answer = true) {
	const connection = new ServerConnection(options);
	const seen: string[] = [];
	let sent = '';
	const drain = (): ServerOutput[] => {
		const outputs: ServerOutput[] = [];
		for (let output = connection.next(); output; output = connection.next()) {
			outputs.push(output);
			if (output.kind === 'send') {
				sent += output.pieces.map((piece) => String.fromCharCode(...piece)).join('');
			} else if (output.kind === 'request') {
				seen.push(`${output.request.method} ${output.request.target}`);
				const body = [latin1(output.request.target), ...output.request.body];
				if (answer) connection.respond({ status: 200, fields: [], body });
			} else
				seen.push(output.kind === 'refused' ? `refused ${output.problem.status}` : output.kind);
		}
		return outputs;
	};
	return {
		connection,
		seen,
		drain,
		receive(text: string): void {
			connection.receive(latin1(text));
			drain();
		},
		take(): string {
			const text = sent;
			sent = '';
			return text;
		},
	};
}

const get = (target: string, fields = ''): string =>
	`GET ${target} HTTP/1.1\r\nHost: pacs\r\n${fields}\r\n`;

test('a response has a length and keeps the connection', () => {
	const s = server({ fields: () => [['Server', 'MERIDIAN']] });
	s.receive(get('/a'));
	expect(s.take()).toBe('HTTP/1.1 200 OK\r\nServer: MERIDIAN\r\nContent-Length: 2\r\n\r\n/a');
	expect(s.connection.waitingFor).toBe('request');
	s.receive(get('/b', 'Connection: close\r\n'));
	expect(s.take()).toMatch(/\r\nConnection: close\r\n\r\n\/b$/);
	expect(s.seen).toEqual(['GET /a', 'GET /b', 'close']);
});

test('pipelined requests are answered in order, one at a time', () => {
	const s = server({}, false);
	s.receive(get('/1') + get('/2') + get('/3').slice(0, 10));
	expect(s.seen).toEqual(['GET /1']);
	expect(s.connection.wantsInput).toBe(false);
	s.connection.respond(OK);
	s.drain();
	expect(s.seen).toEqual(['GET /1', 'GET /2']);
	s.connection.respond(OK);
	s.drain();
	expect(s.connection).toMatchObject({ wantsInput: true, waitingFor: 'rest-of-request' });
	s.receive(get('/3').slice(10));
	expect(s.seen.at(-1)).toBe('GET /3');
	expect(s.take().match(/yes/g)).toHaveLength(2);
});

test('HEAD has the length of GET and no body; 204 has neither', () => {
	const s = server({}, false);
	s.receive(get('/').replace('GET', 'HEAD'));
	s.connection.respond(OK);
	s.drain();
	expect(s.take()).toMatch(/Content-Length: 3\r\n\r\n$/);
	s.receive(get('/'));
	s.connection.respond({ status: 204, fields: [], body: [] });
	s.drain();
	expect(s.take()).toBe('HTTP/1.1 204 No Content\r\n\r\n');
});

test('HTTP/1.0 closes unless it asks not to', () => {
	const s = server();
	s.receive('GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n');
	expect(s.take()).toMatch(/Connection: keep-alive\r\n/);
	s.receive('GET /a HTTP/1.0\r\n\r\n');
	expect(s.take()).toMatch(/Connection: close\r\n/);
	expect(s.seen.at(-1)).toBe('close');
});

const EXPECTING =
	'POST /s HTTP/1.1\r\nHost: p\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n';

test('a client that expects it is told to go on, unless the body is here already', () => {
	const s = server();
	s.receive(EXPECTING);
	expect(s.take()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
	s.receive('hi');
	expect(s.take()).toMatch(/^HTTP\/1.1 200 OK[^]*\/shi$/);
	s.receive(`${EXPECTING}hi`);
	expect(s.take()).toMatch(/^HTTP\/1.1 200 OK/);
});

test('a request can be refused before its body is sent', () => {
	const s = server({ admit: () => ({ status: 403, text: 'Not from there.' }) });
	s.receive(EXPECTING);
	expect(s.take()).toMatch(
		/^HTTP\/1.1 403 Forbidden\r\n[^]*Connection: close\r\n\r\nNot from there.\n$/,
	);
	expect(s.seen).toEqual(['refused 403', 'close']);
	const other = server();
	other.receive(EXPECTING.replace('100-continue', 'miracle'));
	expect(other.seen).toEqual(['refused 417', 'close']);
});

test('what cannot be understood is answered after what could, and ends the connection', () => {
	const s = server({}, false);
	s.receive(`${get('/1')}GARBAGE\r\n\r\n`);
	expect(s.take()).toBe('');
	s.connection.respond(OK);
	s.drain();
	expect(s.take()).toMatch(/^HTTP\/1.1 200 OK[^]*yesHTTP\/1.1 400 Bad Request/);
	expect(s.seen).toEqual(['GET /1', 'refused 400', 'close']);
	s.receive(get('/2'));
	expect(s.take()).toBe('');
});

test('silence: 408 within a request, a plain end between two, patience while we are due', () => {
	const slow = server();
	slow.receive('POST / HTTP/1.1\r\nHost: p\r\nContent-Length: 9\r\n\r\nabc');
	slow.connection.timedOut();
	slow.drain();
	expect(slow.take()).toMatch(/^HTTP\/1.1 408 Request Timeout/);
	const idle = server();
	idle.connection.timedOut();
	idle.drain();
	expect([idle.take(), idle.seen]).toEqual(['', ['close']]);
	const due = server({}, false);
	due.receive(get('/'));
	due.connection.timedOut();
	due.drain();
	expect(due.seen).toEqual(['GET /']);
});

test('a peer that ended its direction still gets its responses', () => {
	const s = server({}, false);
	s.receive(get('/1') + get('/2'));
	s.connection.peerEnded();
	for (let i = 0; i < 2; i++) {
		s.connection.respond(OK);
		s.drain();
	}
	expect(s.seen).toEqual(['GET /1', 'GET /2', 'close']);
	expect(s.take().match(/200 OK/g)).toHaveLength(2);
});

test('a service cannot split a response, nor answer what nobody asked', () => {
	const s = server({}, false);
	expect(() => s.connection.respond(OK)).toThrow('no request');
	s.receive(get('/'));
	const split = { ...OK, fields: [['X-A', 'b\r\nX-B: c'] as const] };
	expect(() => s.connection.respond(split)).toThrow(RangeError);
});
