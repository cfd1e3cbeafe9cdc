import { expect, test } from 'vitest';
import { seconds } from '#lib/kernel/time.ts';
import { wait, type Process } from '#lib/kernel/process.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { run } from '../../../../tests/simulation/community-world.ts';
import { dicomWebHospital } from '../../../../tests/support/dicomweb-hospital.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A raw connection from the desk to the web service. */
function connection() {
	const hospital = dicomWebHospital();
	const { world } = hospital;
	function* open(): Process<TcpStream> {
		const stream = yield* world.host('admin').connect({ address: '10.20.20.10', port: 8042 });
		if (stream.kind !== 'connected') throw new Error(stream.kind);
		return stream;
	}
	const stream = run(world, open());
	return {
		...hospital,
		stream,
		write: (text: string) => stream.write([latin1(text)]),
		/** What has come by then, and how the stream stands. */
		after(us: number): { text: string; end: string | undefined; tookUs: number } {
			const startUs = world.kernel.nowUs;
			let text = '';
			let end: string | undefined;
			let endUs = startUs;
			function* read(): Process {
				for (;;) {
					const event = yield* wait(stream.read());
					endUs = world.kernel.nowUs;
					if (event.kind !== 'data') {
						end = event.kind;
						return;
					}
					for (const piece of event.pieces)
						text += String.fromCharCode(...piece.subarray(0, 2_000));
				}
			}
			const task = world.kernel.spawn('reader', read());
			world.kernel.runUntil(startUs + us);
			task.kill();
			return { text, end, tookUs: endUs - startUs };
		},
	};
}

const GET = 'GET /dicom-web/studies?limit=1 HTTP/1.1\r\nHost: pacs\r\n\r\n';

test('a connection is kept, pipelined requests are answered in order', () => {
	const c = connection();
	c.write(GET + GET.replace('studies', 'nothing') + GET.slice(0, 20));
	const { text } = c.after(seconds(1));
	expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
	c.write(GET.slice(20));
	expect(c.after(seconds(1)).text).toMatch(/^HTTP\/1\.1 200/);
	expect(c.archive.logFile.lines.filter((line) => line.includes('http 10.20.30.50'))).toHaveLength(
		3,
	);
});

test('an idle connection is closed after a minute, a slow request answered with 408', () => {
	const idle = connection().after(seconds(90));
	expect(idle).toMatchObject({ text: '', end: 'end' });
	expect(Math.round(idle.tookUs / 1e6)).toBe(60);
	const slow = connection();
	slow.write('POST /dicom-web/studies HTTP/1.1\r\nHost: pacs\r\nContent-Length: 1000\r\n\r\nab');
	for (let i = 0; i < 5; i++) {
		slow.world.kernel.runUntil(slow.world.kernel.nowUs + seconds(20));
		slow.write('c');
	}
	const { text, end } = slow.after(seconds(60));
	expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout/);
	expect(end).toBe('end');
	expect(slow.archive.logFile.lines.at(-1)).toContain('408');
});

test('what is no HTTP is answered with 400 and logged', () => {
	const c = connection();
	// An A-ASSOCIATE-RQ that went to the wrong port.
	c.write('\x01\x00\x00\x00\x00\xcd\x00\x01\x00\x00PACS1\n');
	expect(c.after(seconds(1))).toMatchObject({
		text: expect.stringMatching(/^HTTP\/1\.1 400 Bad Request/) as string,
		end: 'end',
	});
	expect(c.archive.logFile.lines.at(-1)).toMatch(/WARN {2}http 10\.20\.30\.50 "-" 400 \d+$/);
});

test('a stopped archive resets its connections and refuses new ones', () => {
	const c = connection();
	c.world.kernel.runUntil(c.world.kernel.nowUs + seconds(1));
	c.archive.stop();
	expect(c.after(seconds(1)).end).toBe('reset');
	expect(c.archive.host.sockets().some((row) => row.localPort === 8042)).toBe(false);
	c.archive.start();
	expect(c.type('curl -s http://pacs:8042/dicom-web/studies').exitCode).toBe(0);
});

test('connections beyond the limit get 503', () => {
	const { world, type } = dicomWebHospital();
	function* open(): Process {
		for (let i = 0; i < 50; i++)
			yield* world.host('admin').connect({ address: '10.20.20.10', port: 8042 });
	}
	run(world, open());
	expect(type('curl -sI http://pacs:8042/dicom-web/studies').lines[0]).toBe(
		'HTTP/1.1 503 Service Unavailable',
	);
	world.kernel.runUntil(world.kernel.nowUs + seconds(120));
	expect(type('curl -sI http://pacs:8042/dicom-web/studies').lines[0]).toBe('HTTP/1.1 200 OK');
});
