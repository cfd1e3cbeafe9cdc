import { Kernel } from '#lib/kernel/kernel.ts';
import { milliseconds, seconds, type Micros } from '#lib/kernel/time.ts';
import { DEFAULT_ASSOCIATION_LIMITS } from '#lib/protocol/dicom/association-limits.ts';
import { Association } from '#lib/protocol/dicom/association.ts';
import { negotiate } from '#lib/protocol/dicom/negotiation.ts';
import { expect, test } from 'vitest';
import { wire } from '../upper-layer/pdu-fixtures.ts';
import { POLICY, lineOf, raw, requestPdu } from './session.ts';

const ARTIM_US = DEFAULT_ASSOCIATION_LIMITS.artimUs;

/** An acceptor with its ARTIM timer in virtual time; what it does is noted with the instant. */
class TimedAcceptor {
	readonly kernel = new Kernel({ seed: 'timers' });
	readonly association = new Association({ role: 'acceptor' });
	readonly log: string[] = [];
	#cancelArtim: (() => void) | undefined;

	constructor() {
		this.do((association) => association.transportConnected());
	}

	do(change: (association: Association) => void): void {
		change(this.association);
		for (let output = this.association.next(); output; output = this.association.next()) {
			this.log.push(`${this.kernel.nowUs} ${lineOf(output)}`);
			if (output.kind === 'stop-artim' || output.kind === 'start-artim') this.#cancelArtim?.();
			if (output.kind === 'start-artim') {
				this.#cancelArtim = this.kernel.after(ARTIM_US, () =>
					this.do((association) => association.artimExpired()),
				);
			}
			if (output.kind !== 'associate-indication') continue;
			const answer = negotiate(output.rq, POLICY, 0);
			if (answer.kind === 'A-ASSOCIATE-AC') this.association.accept(answer);
			else this.association.reject(answer);
		}
	}

	/** Receives these bytes in pieces of a size, one every so often, from now on. */
	trickle(bytes: Uint8Array, pieceBytes: number, everyUs: Micros): void {
		for (let at = 0, i = 0; at < bytes.length; at += pieceBytes, i++) {
			const piece = bytes.slice(at, at + pieceBytes);
			this.kernel.after(i * everyUs, () => this.do((association) => association.receive(piece)));
		}
	}

	/** Whether it is closed one microsecond before an instant, and at it. */
	closesAt(instantUs: Micros): [before: boolean, at: boolean] {
		const closed = () => this.log.some((line) => line.endsWith(' close'));
		this.kernel.runUntil(instantUs - 1);
		const before = closed();
		this.kernel.runUntil(instantUs);
		return [before, closed()];
	}
}

test('a peer that connects and says nothing is closed at the tick (Sta2)', () => {
	const acceptor = new TimedAcceptor();
	expect(acceptor.closesAt(ARTIM_US)).toEqual([false, true]);
	expect(acceptor.log).toEqual(['0 start-artim', `${ARTIM_US} close`]);
	expect(acceptor.association.state).toBe('Sta1');
});

test('a request that trickles in, a byte a second, does not put the timer off', () => {
	const acceptor = new TimedAcceptor();
	acceptor.trickle(raw(requestPdu()), 1, seconds(1));
	expect(acceptor.closesAt(ARTIM_US)).toEqual([false, true]);
	acceptor.kernel.runUntil(seconds(1000));
	expect(acceptor.log).toEqual(['0 start-artim', `${ARTIM_US} close`]);
});

test('a request that is whole one microsecond before the expiry stops the timer', () => {
	const acceptor = new TimedAcceptor();
	acceptor.kernel.runUntil(ARTIM_US - 1);
	acceptor.do((association) => association.receive(raw(requestPdu())));
	acceptor.kernel.runUntil(seconds(1000));
	expect(acceptor.log.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
		'start-artim',
		'stop-artim',
		'associate-indication',
		'send A-ASSOCIATE-AC',
	]);
	expect(acceptor.association.state).toBe('Sta6');
});

test('over a link of 1 KB/s a common request comes in time, one of 40 KB does not', () => {
	const common = new TimedAcceptor();
	common.trickle(raw(requestPdu()), 1024, seconds(1));
	common.kernel.runUntil(seconds(60));
	expect(common.association.state).toBe('Sta6');
	const large = new TimedAcceptor();
	const transferSyntaxes = Array.from({ length: 1800 }, (_, i) => `1.2.840.10008.1.2.${i}`);
	large.trickle(
		raw(requestPdu({ presentationContexts: [{ id: 1, abstractSyntax: '1.2', transferSyntaxes }] })),
		1024,
		seconds(1),
	);
	expect(large.closesAt(ARTIM_US)).toEqual([false, true]);
});

test('the abort of an unexpected PDU (AA-1) starts the timer anew', () => {
	const acceptor = new TimedAcceptor();
	acceptor.kernel.runUntil(seconds(20));
	acceptor.do((association) => association.receive(wire('A-RELEASE-RQ')));
	expect(acceptor.closesAt(seconds(20) + ARTIM_US)).toEqual([false, true]);
	expect(acceptor.log.at(-2)).toBe(`${seconds(20)} start-artim`);
});

test.each([
	['a rejection (AE-8)', raw(requestPdu({ calledAeTitle: 'X' })), 'send A-ASSOCIATE-RJ 1/1/7'],
	[
		'a wrong protocol version (AE-6)',
		raw(requestPdu({ protocolVersion: 2 })),
		'send A-ASSOCIATE-RJ 1/2/2',
	],
])('after %s the peer has the time of ARTIM to close (Sta13)', (_, bytes, answer) => {
	const acceptor = new TimedAcceptor();
	acceptor.kernel.runUntil(milliseconds(5));
	acceptor.do((association) => association.receive(bytes));
	expect(acceptor.association.state).toBe('Sta13');
	expect(acceptor.log).toContain(`5000 ${answer}`);
	expect(acceptor.closesAt(milliseconds(5) + ARTIM_US)).toEqual([false, true]);
});

test('bytes that go on coming in Sta13 do not put the timer off, and a close stops it', () => {
	const acceptor = new TimedAcceptor();
	acceptor.do((association) => association.receive(raw(requestPdu({ calledAeTitle: 'X' }))));
	acceptor.trickle(wire('P-DATA-TF'), 1, seconds(2));
	expect(acceptor.closesAt(ARTIM_US)).toEqual([false, true]);
	const other = new TimedAcceptor();
	other.do((association) => association.receive(raw(requestPdu({ calledAeTitle: 'X' }))));
	other.do((association) => association.transportClosed());
	other.kernel.runUntil(seconds(1000));
	expect(other.log.at(-1)).toBe('0 stop-artim');
});

test('there is no such timer in an established association: waiting is for the node’s own limits', () => {
	const acceptor = new TimedAcceptor();
	acceptor.do((association) => association.receive(raw(requestPdu())));
	acceptor.do((association) => association.receive(wire('P-DATA-TF').slice(0, 9)));
	acceptor.kernel.runUntil(seconds(100_000));
	expect(acceptor.association.state).toBe('Sta6');
	expect(DEFAULT_ASSOCIATION_LIMITS.idleTimeoutUs).toBeGreaterThan(0);
});
