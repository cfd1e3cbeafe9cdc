import { exchange, type ExchangeResult } from '#lib/hospital/web/http-client.ts';
import type { Process } from '#lib/kernel/process.ts';
import type { ConnectFailure } from '#lib/network/tcp-stack.ts';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { sizeOf, type HttpField, type ResponseHead } from '#lib/protocol/http/message.ts';
import { defineCommand, type CommandContext, type CommandResult } from '../define-command.ts';
import { connectText } from './connect-text.ts';
import { readCurlOptions, type CurlSettings } from './curl/options.ts';
import { meterRow, METER_HEADER, NO_TRANSFER } from './curl/progress-meter.ts';
import { Terminal } from './curl/terminal.ts';
import { absolutePath } from './files.ts';
import { lookupFact, peerLabel, trafficTo } from './peers.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const BINARY_WARNING = [
	'Warning: Binary output can mess up your terminal. Use "--output -" to tell ',
	'Warning: curl to output it to your terminal anyway, or consider "--output ',
	'Warning: <FILE>" to save to a file.',
	'',
].join('\n');

export const curl = defineCommand({
	name: 'curl',
	synopsis:
		'curl [-v] [-i] [-I] [-s] [-f] [-X method] [-H header]... [-d data | --data-binary @file] [-o file] url',
	summary: 'HTTP: ask a web service for something, or send it something',
	details: [
		'Put a URL with & or ? in quotes. -i shows the header of the answer, -v the whole talk, -I asks for the header only.',
		'curl -i "http://pacs:8042/dicom-web/studies?PatientID=SYN00000018"',
		"curl -H 'Content-Type: application/dicom' --data-binary @test-image.dcm http://pacs:8042/dicom-web/studies",
		'Exit codes: 6 name, 7 no connection, 22 error status with -f, 28 time-out, 52 empty answer. No https here.',
	].join('\n'),
	*run(context, args) {
		const settings = readCurlOptions(context, args);
		if ('exitCode' in settings) return settings;
		return yield* new Transfer(context, settings).run();
	},
});

/** How a run ends, before it is told. */
interface Ending {
	exitCode: number;
	/** What curl says of it; undefined: nothing. */
	error?: string;
}

class Transfer {
	readonly #context: CommandContext;
	readonly #settings: CurlSettings;
	readonly #terminal = new Terminal();
	readonly #startUs: number;
	readonly #metered: boolean;

	constructor(context: CommandContext, settings: CurlSettings) {
		this.#context = context;
		this.#settings = settings;
		this.#startUs = context.world.kernel.nowUs;
		// The meter would be in the way of what the terminal shows.
		this.#metered = this.#toFile && !settings.silent;
	}

	get #toFile(): boolean {
		return this.#settings.output !== undefined && this.#settings.output !== '-';
	}

	*run(): Process<CommandResult> {
		const { host, port, warnings } = this.#settings;
		for (const warning of warnings) this.#terminal.error(`${warning}\n`);
		this.#beginMeter();
		const subject = `${peerLabel(this.#context.world, host)}:${port} from ${this.#context.host.id}`;
		const resolved = yield* this.#context.host.resolve(host);
		if (!('address' in resolved)) {
			const fact = `port ${subject}: ${lookupFact(resolved.failure)}`;
			// Too early for a row of its own.
			if (this.#metered && !this.#settings.verbose) this.#terminal.error(meterRow(NO_TRANSFER));
			return this.#failed(6, `Could not resolve host: ${host}`, fact);
		}
		const { address } = resolved;
		this.#note(`  Trying ${address}:${port}...`);
		const limitUs = Math.min(this.#settings.connectTimeoutUs, this.#settings.maximumTimeUs);
		const stream = yield* this.#context.host.connect({ address, port }, { timeoutUs: limitUs });
		if (stream.kind !== 'connected') {
			const result = this.#notConnected(stream, limitUs, `port ${subject}: ${stream.kind}`);
			const ended = stream.kind === 'timeout' ? 'lost' : 'refused';
			return { ...result, traffic: trafficTo(this.#context, address, ended) };
		}
		this.#note(`Connected to ${host} (${address}) port ${port} (#0)`);
		const { method, target, fields, body } = this.#settings;
		this.#showRequest();
		const untilUs = this.#startUs + this.#settings.maximumTimeUs;
		const request = { method, target, fields, body: body ? [body] : [] };
		const result = yield* exchange(this.#context.world.kernel, stream, request, untilUs);
		if (stream.open) stream.close();
		const told = this.#tell(result);
		const status = result.head?.status;
		const outcome = status === undefined || told.exitCode === 28 ? result.ended : String(status);
		const changed = !SAFE_METHODS.has(method) && status !== undefined && status < 300;
		return {
			...told,
			facts: [`http ${method} ${subject}: ${outcome}`],
			traffic: trafficTo(this.#context, address, status === undefined ? 'lost' : 'answered'),
			...(changed && { changed }),
		};
	}

	#note(text: string): void {
		if (this.#settings.verbose) this.#terminal.error(`* ${text}\n`);
	}

	#get(exitCode: number): CommandResult {
		return { text: this.#terminal.text, exitCode };
	}

	/** A failure before there was a connection. */
	#failed(exitCode: number, error: string, fact: string): CommandResult {
		this.#note(error);
		this.#note('Closing connection 0');
		this.#complain({ exitCode, error });
		return { ...this.#get(exitCode), facts: [fact] };
	}

	#complain({ exitCode, error }: Ending): void {
		if (error !== undefined && this.#settings.showError) {
			this.#terminal.error(`curl: (${exitCode}) ${error}\n`);
		}
	}

	#notConnected(failure: ConnectFailure, limitUs: number, fact: string): CommandResult {
		const { host, port } = this.#settings;
		const elapsedMs = Math.floor((this.#context.world.kernel.nowUs - this.#startUs) / 1_000);
		if (failure.kind === 'timeout' && failure.elapsedUs >= limitUs) {
			this.#endMeter();
			return this.#failed(28, `Connection timed out after ${elapsedMs} milliseconds`, fact);
		}
		this.#note(`connect to ${failure.address} port ${port} failed: ${connectText(failure)}`);
		this.#endMeter();
		// libcurl says so whatever the reason, but has an exit code of its own for a time-out of the system.
		const error = `Failed to connect to ${host} port ${port} after ${elapsedMs} ms: Couldn't connect to server`;
		return this.#failed(failure.kind === 'timeout' ? 28 : 7, error, fact);
	}

	/** The first row stays without a line break, so that the talk of -v follows on it. */
	#beginMeter(): void {
		if (!this.#metered) return;
		this.#terminal.error(METER_HEADER);
		if (this.#settings.verbose) this.#terminal.error(meterRow(NO_TRANSFER));
	}

	/** The last row, which is what stays of the meter. */
	#endMeter(result?: ExchangeResult): void {
		if (!this.#metered) return;
		const elapsedUs = this.#context.world.kernel.nowUs - this.#startUs;
		const row = meterRow({
			downloadedBytes: result && !this.#hidesBody(result.head) ? sizeOf(result.body) : 0,
			uploadedBytes: result ? this.#sentBytes(result) : 0,
			expectedBytes: this.#expectedBytes(result),
			elapsedUs,
		});
		this.#terminal.error(`${row}\n`);
	}

	#expectedBytes(result: ExchangeResult | undefined): number | undefined {
		if (this.#settings.method !== 'HEAD') return result?.announcedBytes;
		const length = result?.head?.fields.find(([name]) => name.toLowerCase() === 'content-length');
		return length ? Number(length[1]) : undefined;
	}

	#sentBytes({ events }: ExchangeResult): number {
		const sent = events.some((event) => event.kind === 'body-sent');
		return sent ? (this.#settings.body?.length ?? 0) : 0;
	}

	/** With -f the body of an error is not read. */
	#hidesBody(head: ResponseHead | undefined): boolean {
		return this.#settings.failOnError && (head?.status ?? 0) >= 400;
	}

	#showRequest(): void {
		if (!this.#settings.verbose) return;
		const { method, target, fields } = this.#settings;
		const lines = [`${method} ${target} HTTP/1.1`, ...fields.map(fieldLine), ''];
		for (const line of lines) this.#terminal.error(`> ${line}\n`);
	}

	/** Everything after the request: the head, the body, and how it ended. */
	#tell(result: ExchangeResult): CommandResult {
		for (const event of result.events) {
			if (event.kind === 'body-sent') this.#showData('}', this.#settings.body?.length ?? 0);
			else if (event.kind === 'interim') this.#showHead(event.head, false);
			else if (event.kind === 'head') this.#showHead(event.head, !result.keepsAlive);
		}
		const ending = this.#endingOf(result);
		const hidden = this.#hidesBody(result.head);
		const refused = hidden ? false : !this.#showBody(result.body);
		if (ending.error !== undefined) this.#note(ending.error);
		this.#endMeter(result);
		const stays = result.keepsAlive && !refused && !hidden;
		this.#note(
			stays ? `Connection #0 to host ${this.#settings.host} left intact` : 'Closing connection 0',
		);
		if (refused) return this.#get(23);
		this.#complain(ending);
		return this.#get(ending.exitCode);
	}

	#showHead(head: ResponseHead, closes: boolean): void {
		const { verbose, includeHeaders } = this.#settings;
		const reason = head.reason === '' ? '' : ` ${head.reason}`;
		const lines = [
			`HTTP/1.${head.minorVersion} ${head.status}${reason}`,
			...head.fields.map(fieldLine),
		];
		for (const line of lines) {
			if (verbose) this.#terminal.error(`< ${line}\n`);
			if (includeHeaders && !this.#toFile) this.#terminal.output(`${line}\n`);
		}
		if (this.#hidesBody(head)) return;
		const endless =
			closes &&
			!head.fields.some(([name]) => /^(content-length|transfer-encoding|connection)$/i.test(name));
		if (endless && head.status >= 200 && this.#settings.method !== 'HEAD') {
			this.#note('no chunk, no close, no size. Assume close to signal end');
		}
		if (includeHeaders && !this.#toFile) this.#terminal.output('\n');
		if (verbose) this.#terminal.error('< \n');
	}

	/** How much data went by, where it is not shown itself. */
	#showData(direction: '{' | '}', sizeBytes: number): void {
		if (!this.#settings.verbose || !this.#toFile || sizeBytes === 0) return;
		this.#terminal.error(`${direction} [${sizeBytes} bytes data]\n`);
	}

	/** Shows or keeps the body; false when the terminal cannot take it. */
	#showBody(body: readonly Uint8Array[]): boolean {
		const { output } = this.#settings;
		const bytes = joinBytes([...body]);
		if (output !== undefined && this.#toFile) {
			this.#showData('{', bytes.length);
			this.#context.writeFile(absolutePath(this.#context, output), bytes);
			return true;
		}
		if (output === undefined && bytes.includes(0)) {
			this.#terminal.error(BINARY_WARNING);
			return false;
		}
		this.#terminal.output(new TextDecoder().decode(bytes));
		return true;
	}

	#endingOf(result: ExchangeResult): Ending {
		const { head, announcedBytes, ended } = result;
		const receivedBytes = sizeOf(result.body);
		if (this.#hidesBody(head)) {
			return { exitCode: 22, error: `The requested URL returned error: ${head?.status ?? 0}` };
		}
		switch (ended) {
			case 'complete':
				return { exitCode: 0 };
			case 'empty':
				return { exitCode: 52, error: 'Empty reply from server' };
			case 'cut': {
				if (!head) return { exitCode: 0 };
				const missing =
					announcedBytes === undefined
						? 'outstanding read data remaining'
						: `${announcedBytes - receivedBytes} bytes remaining to read`;
				return { exitCode: 18, error: `transfer closed with ${missing}` };
			}
			case 'malformed':
				return head
					? { exitCode: 56, error: 'Malformed encoding found in chunked-encoding' }
					: { exitCode: 1, error: 'Received HTTP/0.9 when not allowed' };
			case 'reset':
				return { exitCode: 56, error: 'Recv failure: Connection reset by peer' };
			case 'lost':
				return { exitCode: 56, error: 'Recv failure: Connection timed out' };
			case 'timeout': {
				const elapsedMs = Math.floor((this.#context.world.kernel.nowUs - this.#startUs) / 1_000);
				const outOf = announcedBytes === undefined ? '' : ` out of ${announcedBytes}`;
				const error = `Operation timed out after ${elapsedMs} milliseconds with ${receivedBytes}${outOf} bytes received`;
				return { exitCode: 28, error };
			}
		}
	}
}

const fieldLine = ([name, value]: HttpField): string => `${name}: ${value}`;
