import { expect, test } from 'vitest';
import { wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { Pki } from '#lib/protocol/tls/tls-pair.fixture.ts';
import type { TlsPolicy } from '#lib/protocol/tls/policy.ts';
import { bench, type Bench } from './four-subnets.fixture.ts';
import type { TcpStream } from './tcp-stream.ts';
import {
	openTls,
	tlsFailureFact,
	tlsFailureText,
	type TlsOpened,
	type TlsStream,
} from './tls-stream.ts';

const pki = new Pki('stream');
const PACS = { address: '10.20.20.10', port: 104 };
const server = pki.policy(pki.host([{ kind: 'dns', value: 'pacs' }]));
const client = pki.policy(undefined, { expectedName: 'pacs' });

/** A TCP connection from a modality to the archive. */
function tcpPair(b: Bench): { near: TcpStream; far: TcpStream } {
	const listener = b.network.host('pacs').listen(PACS.port);
	const { value: near } = b.run(b.network.host('ct2').connect(PACS));
	if (near.kind !== 'connected') throw new Error(near.kind);
	const { value: far } = b.run(wait(listener.accept()));
	return { near, far };
}

function opened(
	b: Bench,
	policies: { client: TlsPolicy; server: TlsPolicy },
): { near: TlsOpened; far: TlsOpened; tookUs: number } {
	const { near, far } = tcpPair(b);
	const ends: { far?: TlsOpened } = {};
	b.kernel.spawn(
		'server',
		(function* () {
			const environment = pki.environment('s');
			const options = { role: 'server', policy: policies.server, ...environment } as const;
			ends.far = yield* openTls(b.kernel, far, options);
		})(),
	);
	const options = { role: 'client', policy: policies.client, ...pki.environment('c') } as const;
	const { value, tookUs } = b.run(openTls(b.kernel, near, options));
	b.kernel.runUntil(b.kernel.nowUs + seconds(1));
	if (!ends.far) throw new Error('the server is still at it');
	return { near: value, far: ends.far, tookUs };
}

function streamOf(end: TlsOpened): TlsStream {
	if (!end.ok) throw new Error(tlsFailureText(end.failure));
	return end.stream;
}

function* readAll(stream: TlsStream): Process<{ bytes: number; end: string }> {
	let bytes = 0;
	for (;;) {
		const event = yield* wait(stream.read());
		if (event.kind !== 'data') return { bytes, end: event.kind };
		for (const piece of event.pieces) bytes += piece.length;
	}
}

test('a handshake takes some milliseconds, and data go both ways until close_notify', () => {
	const b = bench();
	const { near, far, tookUs } = opened(b, { client, server });
	expect(tookUs).toBeGreaterThan(4_000);
	expect(tookUs).toBeLessThan(20_000);
	streamOf(near).write([new Uint8Array(10), new Uint8Array(70_000)]);
	streamOf(far).write([new Uint8Array(5)]);
	streamOf(near).close();
	expect(streamOf(near).open).toBe(false);
	expect(b.run(readAll(streamOf(far))).value).toEqual({ bytes: 70_010, end: 'end' });
	expect(streamOf(far).open).toBe(false);
	// What was under way when this side closed is not looked at any more.
	expect(b.run(readAll(streamOf(near))).value).toEqual({ bytes: 0, end: 'end' });
	expect(b.run(readAll(streamOf(near))).value.end).toBe('end');
});

test('the same seed gives the same bytes on the wire', () => {
	const frames = [1, 2].map(() => {
		const b = bench();
		const { near } = opened(b, { client, server });
		streamOf(near).close();
		b.kernel.runUntil(b.kernel.nowUs + seconds(1));
		return JSON.stringify(b.kernel.trace.events);
	});
	expect(frames[0]).toBe(frames[1]);
});

test('a reader that gives up leaves the bytes to the next one', () => {
	const b = bench();
	const { near, far } = opened(b, { client, server });
	const reading = b.kernel.spawn('impatient', readAll(streamOf(far)));
	b.kernel.runUntil(b.kernel.nowUs + 1_000);
	reading.kill();
	streamOf(near).write([new Uint8Array(7)]);
	streamOf(near).reset();
	b.kernel.runUntil(b.kernel.nowUs + seconds(1));
	expect(b.run(readAll(streamOf(far))).value.end).toBe('reset');
});

test('each side knows its part of why it failed', () => {
	const b = bench();
	const expired = { notBeforeUs: pki.nowUs - 2e12, notAfterUs: pki.nowUs - 1e6 };
	const bad = pki.policy(pki.host([{ kind: 'dns', value: 'pacs' }], expired));
	const { near, far } = opened(b, { client, server: bad });
	if (near.ok || far.ok) throw new Error('an expired certificate was believed');
	expect(tlsFailureFact(near.failure)).toBe('TLS alert 45 sent: certificate has expired');
	expect(tlsFailureText(near.failure)).toBe('certificate verify failed: certificate has expired');
	expect(tlsFailureFact(far.failure)).toBe('TLS alert 45 received');
	expect(tlsFailureText(far.failure)).toBe('sslv3 alert certificate expired');
});

test('a peer without TLS, one that is silent, and one that hangs up', () => {
	const outcome = (act: (far: TcpStream) => void): string => {
		const b = bench();
		const { near, far } = tcpPair(b);
		act(far);
		const options = { role: 'client', policy: client, ...pki.environment('c') } as const;
		const { value, tookUs } = b.run(openTls(b.kernel, near, options));
		expect(near.open).toBe(false);
		if (value.ok) throw new Error('there was nobody to agree with');
		return `${tlsFailureFact(value.failure)} after ${Math.round(tookUs / 1e6)} s`;
	};
	const abort = Uint8Array.of(7, 0, 0, 0, 0, 4, 0, 0, 2, 0);
	expect(outcome((far) => far.write([abort]))).toBe('peer does not speak TLS after 0 s');
	expect(outcome((far) => far.close())).toBe('connection closed during TLS handshake after 0 s');
	expect(outcome(() => undefined)).toBe('no answer to TLS handshake after 30 s');
});

test('a handshake whose program is stopped resets its connection', () => {
	const b = bench();
	const { near, far } = tcpPair(b);
	const options = { role: 'client', policy: client, ...pki.environment('c') } as const;
	const task = b.kernel.spawn('program', openTls(b.kernel, near, options));
	b.kernel.runUntil(b.kernel.nowUs + 10_000);
	task.kill();
	b.kernel.runUntil(b.kernel.nowUs + seconds(1));
	expect(b.run(wait(far.read())).value.kind).toBe('data');
	expect(b.run(wait(far.read())).value.kind).toBe('reset');
});
