import type { ConnectFailure } from '#lib/network/tcp-stack.ts';

/** What Python 3.11 prints when hl7 0.4.5 of Debian breaks off; nobody catches anything in it. */

interface Frame {
	readonly line: number;
	readonly within: string;
	readonly code: string;
	/** The part that is underlined; nothing when it is the whole line. */
	readonly part?: string;
}

const CLIENT = '/usr/lib/python3/dist-packages/hl7/client.py';
const START = "load_entry_point('hl7==0.4.5', 'console_scripts', 'mllp_send')()";

const OPEN_FILE: Frame = {
	line: 238,
	within: 'mllp_send',
	code: 'with open(options.filename, "rb") as f:',
	part: 'open(options.filename, "rb")',
};
const CONNECT: Frame[] = [
	{
		line: 248,
		within: 'mllp_send',
		code: 'with MLLPClient(host, options.port) as client:',
		part: 'MLLPClient(host, options.port)',
	},
	{ line: 47, within: '__init__', code: 'self.socket.connect((host, port))' },
];
const READ_STREAM: Frame[] = [
	{ line: 253, within: 'mllp_send', code: 'for message in message_stream:' },
	{
		line: 134,
		within: 'read_stream',
		code: 'raise MLLPException("buffer not terminated: %s" % _buffer)',
	},
];
const SEND_MESSAGE: Frame[] = [
	{
		line: 254,
		within: 'mllp_send',
		code: 'result = client.send_message(message)',
		part: 'client.send_message(message)',
	},
	{ line: 80, within: 'send_message', code: 'return self.send(data)', part: 'self.send(data)' },
];
const SEND: Frame = { line: 87, within: 'send', code: 'self.socket.send(data)' };
const RECEIVE: Frame = {
	line: 89,
	within: 'send',
	code: 'return self.socket.recv(RECV_BUFFER)',
	part: 'self.socket.recv(RECV_BUFFER)',
};

/** Where it broke off. */
const PLACES = {
	'open-file': [OPEN_FILE],
	connect: CONNECT,
	'read-stream': READ_STREAM,
	send: [...SEND_MESSAGE, SEND],
	receive: [...SEND_MESSAGE, RECEIVE],
} satisfies Record<string, readonly Frame[]>;

/** The whole traceback with the exception in its last line. */
export function traceback(place: keyof typeof PLACES, exception: string): string {
	return [
		'Traceback (most recent call last):',
		'  File "/usr/bin/mllp_send", line 33, in <module>',
		...codeLines(`sys.exit(${START})`, START),
		...PLACES[place].flatMap(({ line, within, code, part }) => [
			`  File "${CLIENT}", line ${line}, in ${within}`,
			...codeLines(code, part),
		]),
		exception,
	].join('\n');
}

function codeLines(code: string, part: string | undefined): string[] {
	if (part === undefined) return [`    ${code}`];
	return [`    ${code}`, `    ${' '.repeat(code.indexOf(part))}${'^'.repeat(part.length)}`];
}

/** A failed connect as the exception that Python makes of the error number. */
export function connectException(failure: ConnectFailure): string {
	switch (failure.kind) {
		case 'refused':
			return 'ConnectionRefusedError: [Errno 111] Connection refused';
		case 'timeout':
			return TIMED_OUT;
		case 'unreachable':
			return failure.scope === 'network'
				? 'OSError: [Errno 101] Network is unreachable'
				: 'OSError: [Errno 113] No route to host';
		case 'prohibited':
			return 'OSError: [Errno 113] No route to host';
	}
}

export const TIMED_OUT = 'TimeoutError: [Errno 110] Connection timed out';
