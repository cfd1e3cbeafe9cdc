import { Interrupted, Mailbox, race, wait, type Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import type { PingReply } from '#lib/network/echo-stack.ts';
import type { CommandContext, CommandResult } from '../define-command.ts';
import { trafficTo } from './peers.ts';

/** IP and ICMP headers. */
const HEADER_BYTES = 28;
const ICMP_HEADER_BYTES = 8;
/** Longer than any answer takes: who gives up when is decided while collecting. */
const LONGEST_ANSWER_US = seconds(70);

export interface PingSettings {
	target: string;
	count: number;
	intervalUs: Micros;
	/** How long to wait for the last answer when there was none at all. */
	lingerUs: Micros;
	sizeBytes: number;
	ttl: number | undefined;
	dontFragment: boolean;
	numeric: boolean;
}

/** One run of ping. Requests go out at their interval whether or not answers come, as the real one does it. */
export class PingRun {
	readonly #context: CommandContext;
	readonly #settings: PingSettings;
	readonly #address: string;
	readonly #answers = new Mailbox<{ sequence: number; reply: PingReply }>();
	readonly #lines: string[] = [];
	readonly #roundTripsUs: Micros[] = [];
	#sent = 0;
	#settled = 0;
	#errors = 0;
	#worst: string | undefined;
	#fromName: string | undefined;

	constructor(context: CommandContext, settings: PingSettings, address: string) {
		this.#context = context;
		this.#settings = settings;
		this.#address = address;
	}

	*run(subject: string): Process<CommandResult> {
		const { target, sizeBytes, intervalUs, count } = this.#settings;
		const { kernel } = this.#context.world;
		this.#lines.push(
			`PING ${target} (${this.#address}) ${sizeBytes}(${sizeBytes + HEADER_BYTES}) bytes of data.`,
		);
		const startUs = kernel.nowUs;
		let elapsedUs = 0;
		try {
			while (this.#sent < count && !this.#noRoute()) {
				this.#send();
				elapsedUs = kernel.nowUs - startUs;
				const last = this.#sent === count;
				yield* this.#collect(last ? this.#settings.lingerUs : intervalUs, last);
			}
		} catch (error) {
			if (!(error instanceof Interrupted)) throw error;
			return { text: this.#lines.join('\n'), exitCode: 124, ...this.#learnt(subject) };
		}
		if (this.#noRoute()) {
			const text = 'ping: connect: Network is unreachable';
			return { text, exitCode: 2, facts: [`${subject}: unreachable`] };
		}
		this.#summarise(elapsedUs);
		const exitCode = this.#roundTripsUs.length > 0 ? 0 : 1;
		return { text: this.#lines.join('\n'), exitCode, ...this.#learnt(subject) };
	}

	#noRoute(): boolean {
		return this.#worst === 'no-route';
	}

	#send(): void {
		const { host, world } = this.#context;
		const { sizeBytes, ttl, dontFragment } = this.#settings;
		const sequence = ++this.#sent;
		const answers = this.#answers;
		const body = host.pingOnce(this.#address, {
			sequence,
			sizeBytes,
			dontFragment,
			timeoutUs: LONGEST_ANSWER_US,
			...(ttl === undefined ? {} : { ttl }),
		});
		world.kernel.spawn(
			`${host.id}.ping`,
			(function* (): Process {
				answers.put({ sequence, reply: yield* body });
			})(),
		);
	}

	/** Prints what comes in within a time; after the last request no longer than there is hope. */
	*#collect(periodUs: Micros, last: boolean): Process {
		const { kernel } = this.#context.world;
		let untilUs = kernel.nowUs + periodUs;
		for (;;) {
			if (last && this.#roundTripsUs.length > 0) {
				const longestUs = Math.max(...this.#roundTripsUs);
				untilUs = Math.min(untilUs, kernel.nowUs + Math.max(2 * longestUs, 1_000));
			}
			if (last && this.#settled === this.#sent) return;
			const first = yield* wait(
				race({
					answer: this.#answers.take(),
					over: kernel.timeout(Math.max(0, untilUs - kernel.nowUs)),
				}),
			);
			if (first.winner === 'over') return;
			yield* this.#print(first.value.sequence, first.value.reply);
			if (this.#noRoute()) return;
		}
	}

	*#print(sequence: number, reply: PingReply): Process {
		this.#settled++;
		switch (reply.kind) {
			case 'timeout':
				return;
			case 'reply': {
				this.#roundTripsUs.push(reply.rttUs);
				this.#fromName ??= yield* this.#nameOf(reply.from);
				this.#lines.push(
					`${reply.sizeBytes + ICMP_HEADER_BYTES} bytes from ${this.#fromName}: ` +
						`icmp_seq=${sequence} ttl=${reply.ttl} time=${roundTrip(reply.rttUs)} ms`,
				);
				return;
			}
			case 'unreachable':
				// Without a route of its own, ping ends at once.
				if (reply.from === '') {
					this.#worst = 'no-route';
					return;
				}
				this.#error(`From ${reply.from} icmp_seq=${sequence} ${UNREACHABLE[reply.error]}`);
				this.#worst = 'unreachable';
				return;
			case 'time-exceeded':
				this.#error(`From ${reply.from} icmp_seq=${sequence} Time to live exceeded`);
				this.#worst = 'time exceeded';
				return;
			case 'too-big': {
				const own = this.#context.host.nics.some((nic) => nic.address === reply.from);
				this.#error(
					own
						? `ping: local error: message too long, mtu=${reply.mtuBytes}`
						: `From ${reply.from} icmp_seq=${sequence} Frag needed and DF set (mtu = ${reply.mtuBytes})`,
				);
				this.#worst = `too big for mtu ${reply.mtuBytes}`;
			}
		}
	}

	/** `pacs (10.20.20.10)` by a reverse lookup, made once and only when a name was asked for. */
	*#nameOf(address: string): Process<string> {
		if (this.#settings.numeric) return address;
		const found = yield* this.#context.host.names.reverse(address);
		return 'name' in found ? `${found.name} (${address})` : address;
	}

	#error(line: string): void {
		this.#errors++;
		this.#lines.push(line);
	}

	#summarise(elapsedUs: Micros): void {
		const received = this.#roundTripsUs.length;
		const lossPercent = Math.round(((this.#sent - received) / this.#sent) * 100);
		const errors = this.#errors > 0 ? ` +${this.#errors} errors,` : '';
		this.#lines.push(
			'',
			`--- ${this.#settings.target} ping statistics ---`,
			`${this.#sent} packets transmitted, ${received} received,${errors} ` +
				`${lossPercent}% packet loss, time ${Math.round(elapsedUs / 1_000)}ms`,
		);
		if (received > 0) this.#lines.push(statistics(this.#roundTripsUs));
	}

	#learnt(subject: string): Pick<CommandResult, 'facts' | 'traffic'> {
		const received = this.#roundTripsUs.length;
		const answered = received > 0 && received < this.#sent ? 'reply with loss' : 'reply';
		const outcome = received > 0 ? answered : (this.#worst ?? 'timeout');
		const failed = this.#worst === undefined ? 'lost' : 'refused';
		return {
			facts: [`${subject}: ${outcome}`],
			traffic: trafficTo(this.#context, this.#address, received > 0 ? 'answered' : failed),
		};
	}
}

const UNREACHABLE = {
	'net-unreachable': 'Destination Net Unreachable',
	'host-unreachable': 'Destination Host Unreachable',
	'port-unreachable': 'Destination Port Unreachable',
	prohibited: 'Packet filtered',
} as const;

/** Milliseconds with as many decimals as ping shows: three digits that count. */
function roundTrip(us: Micros): string {
	const ms = us / 1_000;
	return ms.toFixed(ms < 1 ? 3 : ms < 10 ? 2 : ms < 100 ? 1 : 0);
}

function statistics(roundTripsUs: readonly Micros[]): string {
	const count = roundTripsUs.length;
	const average = roundTripsUs.reduce((sum, us) => sum + us, 0) / count;
	const squares = roundTripsUs.reduce((sum, us) => sum + us * us, 0) / count;
	const deviation = Math.sqrt(Math.max(0, squares - average * average));
	const values = [Math.min(...roundTripsUs), average, Math.max(...roundTripsUs), deviation];
	return `rtt min/avg/max/mdev = ${values.map((us) => (us / 1_000).toFixed(3)).join('/')} ms`;
}
