import { race, wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cEchoRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { expect, test } from 'vitest';
import { quietWorld, run } from '../../../../tests/simulation/community-world.ts';
import { PRODUCTS } from '../products.ts';
import type { Archive } from '../devices/archive/archive.ts';
import type { World } from '../world.ts';
import { DicomConnection } from './dicom-connection.ts';
import {
	echo,
	failureFact,
	failureText,
	openAssociation,
	type AssociationTarget,
} from './service-class-user.ts';

const ECHO = { abstractSyntax: UID.VerificationSOPClass, transferSyntaxes: ['1.2.840.10008.1.2'] };

const target = (changes: Partial<AssociationTarget> = {}): AssociationTarget => ({
	host: 'pacs',
	port: 104,
	calledAeTitle: 'PACS1',
	callingAeTitle: 'PACSDESK',
	implementation: PRODUCTS.desk,
	contexts: [ECHO],
	...changes,
});

const pacs = (world: World): Archive => world.device('pacs') as Archive;

test('an echo is answered with success, and the archive keeps the history', () => {
	const world = quietWorld();
	const outcome = run(world, echo(world, world.host('admin'), target()));
	expect(outcome).toMatchObject({
		ok: true,
		answer: { kind: 'response', command: { Status: 0x0000 } },
	});
	expect(pacs(world).provider.history).toMatchObject([
		{ callingAeTitle: 'PACSDESK', calledAeTitle: 'PACS1', outcome: 'accepted', accepted: true },
	]);
	world.kernel.runUntil(world.kernel.nowUs + seconds(1));
	expect(pacs(world).provider.associationsInUse).toBe(0);
});

test.each([
	['a wrong called AE title', { calledAeTitle: 'PACS' }, 'rejected 1/1/7'],
	['an unknown calling AE title', { callingAeTitle: 'STRANGER' }, 'rejected 1/1/3'],
	['an AE title in the wrong case', { calledAeTitle: 'pacs1' }, 'rejected 1/1/7'],
	['a port nobody listens on', { port: 11_112 }, 'refused'],
	['an address that is not there', { host: '10.20.20.99' }, 'timeout|unreachable'],
	['a name nobody knows', { host: 'pacs2' }, 'name not resolved'],
])('%s', (_, changes, fact) => {
	const world = quietWorld();
	const outcome = run(world, echo(world, world.host('admin'), target(changes)));
	expect(outcome.ok).toBe(false);
	if (outcome.ok) return;
	expect(failureFact(outcome.failure)).toMatch(new RegExp(`^(${fact})$`));
	expect(failureText(outcome.failure)).not.toBe('');
	const requested = world.kernel.trace.events.filter((e) => e.kind === 'association-requested');
	expect(requested.at(-1)).toMatchObject({ outcome: outcome.failure.kind });
});

test('a peer behind a firewall that drops lets the connection time out', () => {
	const world = quietWorld();
	const started = world.kernel.nowUs;
	const outcome = run(world, echo(world, world.host('ct1'), target({ host: '10.20.30.11' })));
	if (outcome.ok) throw new Error('expected a failure');
	expect(failureFact(outcome.failure)).toBe('timeout');
	expect(world.kernel.nowUs - started).toBe(seconds(75));
});

test('a peer that accepts the connection and says nothing is given up after 30 s', () => {
	const world = quietWorld();
	world.host('ris').listen(4_000);
	const started = world.kernel.nowUs;
	const silent = target({ host: 'ris', port: 4_000 });
	const outcome = run(world, echo(world, world.host('admin'), silent));
	if (outcome.ok) throw new Error('expected a failure');
	expect(failureFact(outcome.failure)).toBe('no answer');
	expect(world.kernel.nowUs - started).toBeGreaterThanOrEqual(seconds(30));
	expect(world.kernel.nowUs - started).toBeLessThan(seconds(31));
});

test('the service stops in the middle: the user learns that the connection is lost', () => {
	const world = quietWorld();
	const seen: string[] = [];
	function* session(): Process {
		const opened = yield* openAssociation(world, world.host('admin'), target());
		if (!opened.ok) throw new Error('not opened');
		expect(pacs(world).provider.associationsInUse).toBe(1);
		pacs(world).stop();
		const answer = yield* opened.link.request(ECHO.abstractSyntax, cEchoRequest({ messageId: 1 }));
		seen.push(answer.kind);
		// Another association is refused now, and taken again after the start.
		const refused = yield* echo(world, world.host('admin'), target());
		seen.push(refused.ok ? 'ok' : failureFact(refused.failure));
		pacs(world).start();
		const again = yield* echo(world, world.host('admin'), target());
		seen.push(again.ok ? again.answer.kind : failureFact(again.failure));
	}
	run(world, session());
	expect(seen).toEqual(['aborted', 'refused', 'response']);
});

test('a request on a syntax that was not accepted is told apart from a failed one', () => {
	const world = quietWorld();
	function* session(): Process<string> {
		const mr = { abstractSyntax: '1.2.3.4', transferSyntaxes: ['1.2.840.10008.1.2'] };
		const opened = yield* openAssociation(
			world,
			world.host('admin'),
			target({ contexts: [mr, ECHO] }),
		);
		if (!opened.ok) throw new Error('not opened');
		const answer = yield* opened.link.request('1.2.3.4', cEchoRequest({ messageId: 1 }));
		yield* opened.link.release();
		expect(opened.link.connection.association.state).toBe('Sta1');
		return answer.kind;
	}
	expect(run(world, session())).toBe('context-not-accepted');
});

test('too many associations at once: rejected by the provider as a local limit', () => {
	const world = quietWorld();
	pacs(world).config.maximumAssociations = 2;
	function* session(): Process<string> {
		for (let i = 0; i < 2; i++) yield* openAssociation(world, world.host('admin'), target());
		const third = yield* openAssociation(world, world.host('admin'), target());
		return third.ok ? 'accepted' : failureFact(third.failure);
	}
	expect(run(world, session())).toBe('rejected 2/3/2');
});

test('an idle association is aborted after 300 s', () => {
	const world = quietWorld();
	function* session(): Process<[string, number]> {
		const opened = yield* openAssociation(world, world.host('admin'), target());
		if (!opened.ok) throw new Error('not opened');
		const since = world.kernel.nowUs;
		const event = yield* opened.link.connection.next(seconds(1_000));
		return [event.kind, Math.round((world.kernel.nowUs - since) / 1_000_000)];
	}
	expect(run(world, session())).toEqual(['aborted', 300]);
	expect(pacs(world).logFile.lines.slice(-3).join('\n')).toContain('idle for 300 s');
});

test('bytes that are no DICOM are answered with an abort, and the archive goes on', () => {
	const world = quietWorld();
	function* session(): Process<string> {
		const stream = yield* world.host('admin').connect({ address: '10.20.20.10', port: 104 });
		if (stream.kind !== 'connected') throw new Error('not connected');
		stream.write([new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')]);
		const read = yield* wait(
			race({ data: stream.read(), gone: world.kernel.timeout(seconds(90)) }),
		);
		if (read.winner !== 'data' || read.value.kind !== 'data') return read.winner;
		return `PDU type ${read.value.pieces[0]?.[0]}`;
	}
	expect(run(world, session())).toBe('PDU type 7');
	const after = run(world, echo(world, world.host('admin'), target()));
	expect(after.ok).toBe(true);
});

test('message ids go from 1 to 65535 and round again', () => {
	const world = quietWorld();
	function* session(): Process<number[]> {
		const stream = yield* world.host('admin').connect({ address: '10.20.20.10', port: 104 });
		if (stream.kind !== 'connected') throw new Error('not connected');
		const connection = new DicomConnection(world.kernel, stream, { role: 'requestor' });
		const ids = Array.from({ length: 65_537 }, () => connection.messageId());
		return [ids[0] ?? 0, ids[65_534] ?? 0, ids[65_535] ?? 0];
	}
	expect(run(world, session())).toEqual([1, 65_535, 1]);
});
