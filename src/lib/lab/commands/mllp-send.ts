import { typeOfMessage } from '#lib/hospital/hl7/read-messages.ts';
import { race, wait, type Process } from '#lib/kernel/process.ts';
import { minutes } from '#lib/kernel/time.ts';
import type { TcpStream } from '#lib/network/tcp-stream.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import { bytesOfByteText, byteTextOf } from '#lib/protocol/hl7/byte-text.ts';
import { parseEr7 } from '#lib/protocol/hl7/parse-er7.ts';
import { defineCommand, type CommandContext, type CommandResult } from '../define-command.ts';
import { parseGetopt, wholeNumber } from '../shell/option-parser.ts';
import { absolutePath } from './files.ts';
import {
	framed,
	pythonBytes,
	readLoose,
	readStream,
	unframed,
	type CutFile,
} from './mllp-send/read-messages.ts';
import { connectException, TIMED_OUT, traceback } from './mllp-send/traceback.ts';
import { complaint, lookupFact, lookupText, peerLabel, trafficTo } from './peers.ts';

const USAGE = 'Usage: mllp_send [options] <server>';
const HELP = `${USAGE}

Options:
  -h, --help            show this help message and exit
  --version             print current version and exit
  -p PORT, --port=PORT  port to connect to
  -f FILE, --file=FILE  read from FILE instead of stdin
  -q, --quiet           do not print status messages to stdout
  --loose               allow file to be a HL7-like object (\\r\\n instead of
                        \\r). Requires that messages start with "MSH|^~\\&|".
                        Requires --file option (no stdin)`;
const DEFAULT_PORT = 6661;
const RECEIVE_BYTES = 4096;
const MESSAGES_MAX = 100;
/** The tool waits for ever; somebody at a terminal does not. */
const PATIENCE_US = minutes(2);
const INTERRUPTED = 130;

export const mllpSend = defineCommand({
	name: 'mllp_send',
	synopsis: 'mllp_send [--loose] [-p port] -f file server',
	summary: 'HL7: send the messages of a file by MLLP, and show what comes back',
	details: [
		'The file holds MLLP blocks; --loose takes text as an editor shows it, with "MSH|^~\\&|" at the start of each',
		'message. What comes back is shown a segment a line: read MSA-1. The exit code is 0 whatever it says.',
		`Ports are 1 to 65535, ${DEFAULT_PORT} unless told otherwise. At most ${MESSAGES_MAX} messages in one go.`,
		'mllp_send --loose -p 2575 -f test-update.hl7 pacs',
	].join('\n'),
	only: 'desk',
	*run(context, args) {
		const settings = readSettings(args);
		if ('exitCode' in settings) return settings;
		const bytes = context.readFile(absolutePath(context, settings.file));
		if (!bytes) {
			const exception = `FileNotFoundError: [Errno 2] No such file or directory: '${settings.file}'`;
			return complaint(traceback('open-file', exception));
		}
		const text = byteTextOf(bytes);
		const cut = settings.loose ? readLoose(text) : readStream(text);
		if (cut.messages.length > MESSAGES_MAX) {
			return complaint(`mllp_send: at most ${MESSAGES_MAX} messages in one go`);
		}
		return yield* connectAndSend(context, settings, cut);
	},
});

interface Settings {
	host: string;
	port: number;
	file: string;
	loose: boolean;
}

const OPTIONS = [
	{ names: ['-h', '--help'] },
	{ names: ['--version'] },
	{ names: ['-p', '--port'], value: true },
	{ names: ['-f', '--file'], value: true },
	// In 0.4.5 it changes nothing.
	{ names: ['-q', '--quiet'] },
	{ names: ['--loose'] },
];

function readSettings(args: readonly string[]): Settings | CommandResult {
	const misuse = (error: string) => complaint(`${USAGE}\n\nmllp_send: error: ${error}`, 2);
	const parsed = parseGetopt(args, OPTIONS);
	if (!parsed.ok) {
		const { kind, option } = parsed.problem;
		return misuse(
			kind === 'unknown' ? `no such option: ${option}` : `${option} option requires 1 argument`,
		);
	}
	const { options } = parsed;
	if (options.has('-h')) return { text: HELP, exitCode: 0 };
	if (options.has('--version')) return { text: '0.4.5', exitCode: 0 };
	const portText = options.value('-p') ?? String(DEFAULT_PORT);
	const port = wholeNumber(portText, 1, 65_535);
	if (port === undefined) return misuse(`option -p: invalid integer value: '${portText}'`);
	const [host, ...more] = options.operands;
	if (host === undefined || more.length > 0) return complaint(`${USAGE}\n\nserver required`);
	const loose = options.has('--loose');
	const file = options.value('-f');
	if (file === undefined) {
		return complaint(loose ? '--loose requires --file' : 'mllp_send: nothing to read here: use -f');
	}
	return { host, port, file, loose };
}

function* connectAndSend(
	context: CommandContext,
	settings: Settings,
	cut: CutFile,
): Process<CommandResult> {
	const { host, port } = settings;
	const subject = `${peerLabel(context.world, host)}:${port}`;
	const resolved = yield* context.host.resolve(host);
	if (!('address' in resolved)) {
		const number = resolved.failure === 'not-found' ? -2 : -3;
		const exception = `socket.gaierror: [Errno ${number}] ${lookupText(resolved.failure)}`;
		const facts = [`HL7 to ${subject}: ${lookupFact(resolved.failure)}`];
		return { ...complaint(traceback('connect', exception)), facts };
	}
	const { address } = resolved;
	const stream = yield* context.host.connect({ address, port });
	if (stream.kind !== 'connected') {
		return {
			...complaint(traceback('connect', connectException(stream))),
			facts: [`HL7 to ${subject}: ${stream.kind}`],
			traffic: trafficTo(context, address, stream.kind === 'timeout' ? 'lost' : 'refused'),
		};
	}
	const run = new Run(context, stream);
	try {
		yield* run.send(cut);
	} finally {
		if (stream.open) stream.close();
	}
	return {
		...run.result(subject),
		traffic: trafficTo(context, address, run.answered ? 'answered' : 'lost'),
	};
}

/** The messages of one connection, one after the other, each waiting for what the peer answers. */
class Run {
	answered = false;
	readonly #context: CommandContext;
	readonly #stream: TcpStream;
	readonly #shown: string[] = [];
	readonly #outcomes: { type: string; outcome: string }[] = [];
	#exitCode = 0;
	#received: Uint8Array = new Uint8Array(0);

	constructor(context: CommandContext, stream: TcpStream) {
		this.#context = context;
		this.#stream = stream;
	}

	result(subject: string): CommandResult {
		const changed = this.#outcomes.some(({ outcome }) => outcome === 'AA' || outcome === 'CA');
		return {
			text: this.#shown.join('\n'),
			exitCode: this.#exitCode,
			changed,
			facts: this.#outcomes.map(({ type, outcome }) => `HL7 ${type} to ${subject}: ${outcome}`),
		};
	}

	*send({ messages, unterminated }: CutFile): Process {
		for (const message of messages) {
			if (!(yield* this.#exchange(message))) return;
		}
		if (unterminated === undefined) return;
		const buffer = `buffer not terminated: ${pythonBytes(unterminated)}`;
		this.#break('read-stream', `hl7.client.MLLPException: ${buffer}`);
	}

	/** Returns whether the tool goes on. */
	*#exchange(message: string): Process<boolean> {
		const type = typeOf(message);
		if (!this.#stream.open) {
			this.#outcomes.push({ type, outcome: 'connection lost' });
			return this.#break('send', 'BrokenPipeError: [Errno 32] Broken pipe');
		}
		this.#stream.write([bytesOfByteText(framed(message))]);
		const answer = yield* this.#receive();
		if (typeof answer === 'string') {
			this.#outcomes.push({ type, outcome: answer });
			return false;
		}
		this.#outcomes.push({ type, outcome: codeOf(answer) });
		if (answer.length > 0) this.answered = true;
		this.#shown.push(linesOf(answer));
		return true;
	}

	/** What one read brings, at most 4096 bytes; nothing at the end of the stream. */
	*#receive(): Process<Uint8Array | 'connection lost' | 'no answer'> {
		const { kernel } = this.#context.world;
		if (this.#received.length === 0) {
			const read = this.#stream.read();
			const first = yield* wait(race({ read, late: kernel.timeout(PATIENCE_US) }));
			if (first.winner === 'late') {
				this.#break('receive', 'KeyboardInterrupt', INTERRUPTED);
				return 'no answer';
			}
			const event = first.value;
			if (event.kind === 'reset' || event.kind === 'timeout') {
				const reset = 'ConnectionResetError: [Errno 104] Connection reset by peer';
				this.#break('receive', event.kind === 'reset' ? reset : TIMED_OUT);
				return 'connection lost';
			}
			if (event.kind === 'data') this.#received = joinBytes([...event.pieces]);
		}
		const answer = this.#received.subarray(0, RECEIVE_BYTES);
		this.#received = this.#received.slice(RECEIVE_BYTES);
		return answer;
	}

	#break(place: Parameters<typeof traceback>[0], exception: string, exitCode = 1): false {
		const interrupted = exitCode === INTERRUPTED ? '^C' : '';
		this.#shown.push(interrupted + traceback(place, exception));
		this.#exitCode = exitCode;
		return false;
	}
}

function typeOf(message: string): string {
	const parsed = parseEr7(bytesOfByteText(message));
	return 'message' in parsed ? typeOfMessage(parsed.message) : 'message';
}

/** MSA-1 of an acknowledgement. */
function codeOf(answer: Uint8Array): string {
	const parsed = parseEr7(bytesOfByteText(unframed(byteTextOf(answer))));
	const code = 'message' in parsed ? valueAt(parsed.message, 'MSA-1').text : '';
	return code === '' ? 'no acknowledgement' : code;
}

/** A terminal would write the segments over each other: CR is no line break to it. */
function linesOf(answer: Uint8Array): string {
	const text = unframed(new TextDecoder().decode(answer));
	return text.replace(/\r+$/, '').replaceAll('\r', '\n');
}
