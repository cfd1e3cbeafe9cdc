/** mllp_send beside what that of python3-hl7 0.4.5 printed in the same situations. */
import { expect, test } from 'vitest';
import { wait } from '#lib/kernel/process.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { pythonBytes, readLoose, readStream } from './mllp-send/read-messages.ts';
import { smallHospital } from './small-hospital.fixture.ts';

const MESSAGE = 'MSH|^~\\&|A|B|C|D|20260309||ADT^A01|1|P|2.5.1\rPID|1';
const START = [
	'Traceback (most recent call last):',
	'  File "/usr/bin/mllp_send", line 33, in <module>',
	"    sys.exit(load_entry_point('hl7==0.4.5', 'console_scripts', 'mllp_send')())",
	'             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
];
const CONNECT = [
	...START,
	'  File "/usr/lib/python3/dist-packages/hl7/client.py", line 248, in mllp_send',
	'    with MLLPClient(host, options.port) as client:',
	'         ' + '^'.repeat(30),
	'  File "/usr/lib/python3/dist-packages/hl7/client.py", line 47, in __init__',
	'    self.socket.connect((host, port))',
];
const RECEIVE = [
	...START,
	'  File "/usr/lib/python3/dist-packages/hl7/client.py", line 254, in mllp_send',
	'    result = client.send_message(message)',
	'             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
	'  File "/usr/lib/python3/dist-packages/hl7/client.py", line 80, in send_message',
	'    return self.send(data)',
	'           ^^^^^^^^^^^^^^^',
	'  File "/usr/lib/python3/dist-packages/hl7/client.py", line 89, in send',
	'    return self.socket.recv(RECV_BUFFER)',
	'           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
];

/** A desk with a file, and a listener that takes one read a connection and does something. */
function desk(file: string, answer: (write: (text: string) => void, reset: () => void) => void) {
	const hospital = smallHospital();
	const { world, type } = hospital;
	const bytes = (text: string) => new TextEncoder().encode(text);
	world.system('admin').files.set('/home/you/m.hl7', bytes(file));
	const listener = world.host('pacs').listen(6661);
	const received: string[] = [];
	world.kernel.spawn(
		'peer',
		(function* () {
			const stream = yield* wait(listener.accept());
			for (;;) {
				const read = yield* wait(stream.read());
				if (read.kind !== 'data') return;
				received.push(new TextDecoder().decode(joinBytes([...read.pieces])));
				answer(
					(text) => void stream.write([bytes(text)]),
					() => void stream.reset(),
				);
			}
		})(),
	);
	return { ...hospital, type, received };
}

const acknowledge = (code: string) => (write: (text: string) => void) =>
	write(`\x0bMSH|^~\\&|C|D|A|B|20260309||ACK^A01|9|P|2.5.1\rMSA|${code}|1\r\x1c\r`);

test.each(['AA', 'AE', 'AR', 'CA'])('a message that is answered with %s', (code) => {
	const { type, received } = desk(`\x0b${MESSAGE}\r\x1c\r`, acknowledge(code));
	const result = type('mllp_send -f m.hl7 pacs');
	expect(result).toMatchObject({
		text: `MSH|^~\\&|C|D|A|B|20260309||ACK^A01|9|P|2.5.1\nMSA|${code}|1`,
		exitCode: 0,
		changed: code.endsWith('A'),
		facts: [`HL7 ADT^A01 to pacs:6661: ${code}`],
	});
	// The tool strips the last CR of the message.
	expect(received).toEqual([`\x0b${MESSAGE}\x1c\r`]);
});

test('--loose sends what an editor shows, several messages one after the other', () => {
	const text = `${MESSAGE.replace('\r', '\r\n')}\n\n${MESSAGE.replace('\r', '\n')}\n`;
	const { type, received } = desk(text, acknowledge('AA'));
	const acknowledgement = ['MSH|^~\\&|C|D|A|B|20260309||ACK^A01|9|P|2.5.1', 'MSA|AA|1'];
	// 0.4.5 takes -q and prints all the same.
	expect(type('mllp_send --loose -q -f m.hl7 pacs')).toMatchObject({
		lines: [...acknowledgement, ...acknowledgement],
		facts: Array(2).fill('HL7 ADT^A01 to pacs:6661: AA'),
	});
	expect(received).toEqual(Array(2).fill(`\x0b${MESSAGE}\x1c\r`));
});

test('without --loose a file of lines breaks off, after it was connected to', () => {
	const { type, received } = desk(`${MESSAGE}\r`, acknowledge('AA'));
	const result = type('mllp_send -f m.hl7 pacs');
	expect(result.lines.slice(4)).toEqual([
		'  File "/usr/lib/python3/dist-packages/hl7/client.py", line 253, in mllp_send',
		'    for message in message_stream:',
		'  File "/usr/lib/python3/dist-packages/hl7/client.py", line 134, in read_stream',
		'    raise MLLPException("buffer not terminated: %s" % _buffer)',
		"hl7.client.MLLPException: buffer not terminated: b'MSH|^~\\\\&|A|B|C|D|20260309||ADT^A01|1|P|2.5.1\\rPID|1\\r'",
	]);
	expect(result.exitCode).toBe(1);
	expect(received).toEqual([]);
});

test('a peer that says nothing is left after two minutes', () => {
	const { type } = desk(MESSAGE, () => undefined);
	const { lines, exitCode, tookUs, facts } = type('mllp_send --loose -f m.hl7 pacs');
	expect(lines).toEqual([`^C${RECEIVE[0]}`, ...RECEIVE.slice(1), 'KeyboardInterrupt']);
	expect(Math.floor(tookUs / 1e6)).toBe(120);
	expect({ exitCode, facts }).toEqual({
		exitCode: 130,
		facts: ['HL7 ADT^A01 to pacs:6661: no answer'],
	});
});

test('a peer that resets the connection', () => {
	const { type } = desk(MESSAGE, (_, reset) => reset());
	expect(type('mllp_send --loose -f m.hl7 pacs')).toMatchObject({
		lines: [...RECEIVE, 'ConnectionResetError: [Errno 104] Connection reset by peer'],
		exitCode: 1,
	});
});

test('failures before anything is sent', () => {
	const { type } = desk(MESSAGE, acknowledge('AA'));
	expect(type('mllp_send --loose -p 2000 -f m.hl7 pacs')).toMatchObject({
		lines: [...CONNECT, 'ConnectionRefusedError: [Errno 111] Connection refused'],
		exitCode: 1,
		facts: ['HL7 to pacs:2000: refused'],
	});
	expect(type('mllp_send --loose -f m.hl7 nohost').lines).toEqual([
		...CONNECT,
		'socket.gaierror: [Errno -2] Name or service not known',
	]);
	expect(type('mllp_send -f none pacs').lines).toEqual([
		...START,
		'  File "/usr/lib/python3/dist-packages/hl7/client.py", line 238, in mllp_send',
		'    with open(options.filename, "rb") as f:',
		'         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
		"FileNotFoundError: [Errno 2] No such file or directory: 'none'",
	]);
	const usage = 'Usage: mllp_send [options] <server>\n\n';
	expect(type('mllp_send -f m.hl7')).toMatchObject({
		text: `${usage}server required`,
		exitCode: 1,
	});
	expect(type('mllp_send --zz pacs')).toMatchObject({
		text: `${usage}mllp_send: error: no such option: --zz`,
		exitCode: 2,
	});
	expect(type('mllp_send -p abc pacs').text).toBe(
		`${usage}mllp_send: error: option -p: invalid integer value: 'abc'`,
	);
	expect(type('mllp_send -p').text).toBe(`${usage}mllp_send: error: -p option requires 1 argument`);
	expect(type('mllp_send --loose pacs').text).toBe('--loose requires --file');
});

test('how the tool cuts a file', () => {
	expect(readStream(`\x0b${MESSAGE}\r\x1c\r\x0bMSH|2\r\x1c\r`)).toEqual({
		messages: [MESSAGE, 'MSH|2'],
	});
	expect(readStream('MSH|1\fMSH|2\f\n')).toEqual({ messages: ['MSH|1', 'MSH|2'] });
	expect(readStream('')).toEqual({ messages: [] });
	expect(readLoose(`\x0b${MESSAGE}\x1c\r`)).toEqual({ messages: [MESSAGE] });
	// Its own mistake: what stands before the first MSH becomes a message.
	expect(readLoose(`x${MESSAGE}`).messages).toEqual(['MSH|^~\\&|x', MESSAGE]);
	expect(pythonBytes(`a'b`)).toBe(`b"a'b"`);
	expect(pythonBytes(`a'b"\xe9`)).toBe(`b'a\\'b"\\xe9'`);
});
