import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
	placerOrderMessage,
	procedureReplacedMessage,
	procedureScheduledMessage,
	procedureUpdateMessage,
} from '#lib/hospital/hl7/order-messages.ts';
import { syntheticContext, syntheticOrder } from '#lib/hospital/hl7/orders.fixture.ts';
import { mergeMessage, patientMessage, visitOf } from '#lib/hospital/hl7/patient-messages.ts';
import { reportMessage } from '#lib/hospital/hl7/report-message.ts';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { captureAt } from '#lib/network/capture.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import { minutes } from '#lib/kernel/time.ts';
import { valueAt } from '#lib/protocol/hl7/access.ts';
import { acknowledge } from '#lib/protocol/hl7/acknowledgement.ts';
import { buildMessage, levelsOf } from '#lib/protocol/hl7/build.ts';
import { bytesOfByteText, byteTextOf } from '#lib/protocol/hl7/byte-text.ts';
import { splitAt } from '#lib/protocol/hl7/delimiters.ts';
import { type Er7Message, fieldsOf, writeEr7 } from '#lib/protocol/hl7/message.ts';
import { encodeMllp, MllpDecoder } from '#lib/protocol/hl7/mllp.ts';
import { parseEr7 } from '#lib/protocol/hl7/parse-er7.ts';
import { respond } from '#lib/protocol/hl7/responder.ts';
import { Hl7Sender, type SenderOutput } from '#lib/protocol/hl7/sender.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quietWorld } from '../simulation/community-world.ts';

const PYTHON = '/usr/bin/python3';

function runs(program: string, args: readonly string[], what: string): boolean {
	try {
		execFileSync(program, args, { stdio: 'ignore' });
		return true;
	} catch {
		console.warn(`skipped: HL7 is not checked against ${what}, which is not installed`);
		return false;
	}
}

const hasPython = runs(PYTHON, ['-c', 'import hl7'], 'python3-hl7');
const hasTshark = runs('tshark', ['--version'], 'tshark');
/** A peer that does not answer fails the test and is ended with it. */
const withinSeconds = (seconds: number) => ({ signal: AbortSignal.timeout(seconds * 1_000) });
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const order = syntheticOrder();
const other = syntheticOrder({ accessionNumber: 'A2', studyInstanceUid: '2.25.8' });
const context = syntheticContext();
const station = { aeTitle: 'CT1', name: 'CT 1' };
const report = {
	sopInstanceUid: '2.25.9',
	text: 'One & two.\nThree | four.',
	interpreter: 'Solano^Mira',
	status: 'F',
} as const;
const scheduled = procedureScheduledMessage('OMI^O23', order, station, context);

const MESSAGES: Readonly<Record<string, Er7Message>> = {
	'ADT^A04': patientMessage('A04', order.patient, visitOf(order), context),
	'ADT^A08': patientMessage('A08', order.patient, visitOf(order), context),
	'ADT^A11': patientMessage('A11', order.patient, visitOf(order), context),
	'ADT^A40': mergeMessage(order.patient, 'SYN99999995', context),
	'ORM^O01 of RAD-2': placerOrderMessage('ORM^O01', order, 'new', context),
	'OMG^O19 of RAD-2': placerOrderMessage('OMG^O19', order, 'new', context),
	'OMI^O23 of RAD-4': scheduled,
	'ORM^O01 of RAD-4': procedureScheduledMessage('ORM^O01', order, station, context),
	'OMI^O23 of RAD-13': procedureUpdateMessage('OMI^O23', order, station, 'completed', context),
	'ORM^O01 of RAD-13': procedureReplacedMessage('ORM^O01', order, other, station, context),
	'ORU^R01 of RAD-28': reportMessage(order, report, context),
	ACK: acknowledge(scheduled, {
		...{ code: 'AE', controlId: 'P1', time: '2026' },
		errors: [{ code: '101', location: { segment: 'IPC', field: 3 }, userMessage: 'no study' }],
	}),
	'unusual delimiters': buildMessage(
		{ 9: [['ADT', 'A08']], 10: '1', 12: '2.5.1' },
		[['PID', { 3: [['7', '', '', ['X', '1.2', 'ISO']], '8'], 5: [['A$B', 'C%D']] }]],
		{ field: '$', component: '%', repetition: '*', escape: '@', subcomponent: '!', truncation: '' },
	),
};

/** Fields, repetitions, components and subcomponents in raw text, as we split them. */
function split(message: Er7Message): string[][][][][] {
	const levels = levelsOf(message);
	const at = (raw: string, level: number): string[] =>
		splitAt(raw, levels[level] ?? '', 'single-byte');
	return message.segments.map((segment) =>
		fieldsOf(segment, message).map((field, number) =>
			segment.id === 'MSH' && number <= 2
				? [[[field]]]
				: at(field, 0).map((one) => at(one, 1).map((part) => at(part, 2))),
		),
	);
}

function ask(name: string, args: readonly string[], messages: readonly Uint8Array[]): string[] {
	const input = messages.map((one) => `${Buffer.from(one).toString('base64')}\n`).join('');
	const output = execFileSync(PYTHON, [script(name), ...args], { input, encoding: 'utf8' });
	return output.trim().split('\n');
}

test.skipIf(!hasPython).each(Object.entries(MESSAGES))(
	'python3-hl7 | %s | reader',
	{ timeout: 30_000 },
	(_, message) => {
		const bytes = writeEr7(message);
		const [line = ''] = ask('read-with-python-hl7.py', [], [bytes]);
		const { segments, written } = JSON.parse(line) as { segments: unknown; written: string };
		expect(segments).toEqual(split(message));
		expect(new Uint8Array(Buffer.from(written, 'base64'))).toEqual(bytes);
	},
);

test.skipIf(!hasPython)(
	'python3-hl7 | HL7 over MLLP | sender: every message gets its acknowledgement',
	{ timeout: 30_000 },
	async () => {
		const server = createServer((socket) => {
			const decoder = new MllpDecoder();
			let count = 0;
			socket.on('data', (chunk) => {
				for (const { bytes } of decoder.push(chunk)) {
					const { acknowledgements } = respond(bytes, {
						receiver: { events: ['ADT^A08', 'OMI^O23'] },
						process: () => [],
						controlId: () => `R${(count += 1)}`,
						time: () => '20260309070000',
					});
					for (const one of acknowledgements) socket.write(encodeMllp(writeEr7(one)));
				}
			});
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const child = spawn(PYTHON, [script('send-with-python-hl7.py'), String(port)]);
		const sent = [MESSAGES['ADT^A08']!, scheduled, MESSAGES['ADT^A40']!];
		child.stdin.end(
			sent.map((one) => `${Buffer.from(writeEr7(one)).toString('base64')}\n`).join(''),
		);
		const chunks: Buffer[] = [];
		child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
		await once(child, 'close', withinSeconds(20));
		server.close();
		const answers = Buffer.concat(chunks).toString().trim().split('\n');
		const shown = answers.map((line) => {
			const read = parseEr7(Buffer.from(line, 'base64').subarray(1, -2));
			if ('error' in read) throw new Error(read.error.text);
			return `${valueAt(read.message, 'MSA-1').text} ${valueAt(read.message, 'ERR-3').text}`.trim();
		});
		expect(shown).toEqual(['AA', 'AA', 'AR 201']);
	},
);

test.skipIf(!hasPython)(
	'python3-hl7 | HL7 over MLLP | receiver: its acknowledgements settle our messages',
	{ timeout: 30_000 },
	async () => {
		const child = spawn(PYTHON, [script('receive-with-python-hl7.py')]);
		try {
			const [first] = (await once(child.stdout, 'data', withinSeconds(20))) as [Buffer];
			const socket = connect(Number(first.toString().trim()), '127.0.0.1');
			await once(socket, 'connect');
			const sender = new Hl7Sender({ mostAttempts: 1 });
			const decoder = new MllpDecoder();
			const exchange = async (message: Er7Message): Promise<SenderOutput[]> => {
				const outputs: SenderOutput[] = [...sender.send(message)];
				for (const output of outputs) {
					if (output.kind === 'send') socket.write(encodeMllp(output.bytes));
				}
				while (sender.isWaiting) {
					const [chunk] = (await once(socket, 'data', withinSeconds(20))) as [Buffer];
					for (const { bytes } of decoder.push(chunk)) outputs.push(...sender.receive(bytes));
				}
				return outputs.slice(1);
			};
			expect(await exchange(scheduled)).toMatchObject([{ kind: 'settled', code: 'AA' }]);
			const refused = mergeMessage(order.patient, 'REFUSED', context);
			expect(await exchange(refused)).toMatchObject([{ kind: 'settled', code: 'AE' }]);
			socket.destroy();
		} finally {
			child.kill();
		}
	},
);

let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'hl7-'));
});
afterAll(() => {
	rmSync(folder, { recursive: true });
});

function tshark(path: string, ...args: string[]): string[] {
	const options = ['-o', 'hl7.display_llp:TRUE', '-d', 'tcp.port==2575,hl7', '-r', path, ...args];
	const text = execFileSync('tshark', options, {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	return text.split('\n').filter((line) => line !== '');
}

test.skipIf(!hasTshark)('tshark | HL7 over MLLP | decoder', { timeout: 60_000 }, () => {
	const world = quietWorld();
	const ris = world.device('ris') as Ris;
	const place = (accessionNumber: string, text = ''): void => {
		const placed = syntheticOrder({ accessionNumber });
		const details = { ...placed.details, medicalAlerts: text };
		ris.placeOrder({ ...placed, details });
		world.kernel.runUntil(world.kernel.nowUs + minutes(1));
	};
	place('A1');
	// More than one segment of TCP.
	place('A2', 'pacemaker '.repeat(400));
	ris.feed!.config.orderMessage = 'ORM^O01';
	place('A3');
	ris.correctPatient('A1', { name: 'Larch^Chloé' });
	world.kernel.runUntil(world.kernel.nowUs + minutes(1));
	const path = join(folder, 'ris.pcapng');
	writeFileSync(
		path,
		writeCapture(captureAt(world.kernel.trace, 'ris'), { epochUs: world.epochUs }),
	);
	const types = tshark(
		path,
		'-Y',
		'hl7',
		'-T',
		'fields',
		'-e',
		'hl7.message.type',
		'-e',
		'hl7.event.type',
	);
	expect(types).toEqual([
		...['OMI\tO23', 'ACK\tO23', 'OMI\tO23', 'ACK\tO23'],
		...['ORM\tO01', 'ACK\tO01', 'ADT\tA08', 'ACK\tA08'],
	]);
	expect(tshark(path, '-Y', 'hl7.llp.sob and hl7.llp.eob')).toHaveLength(8);
	expect(
		tshark(path, '-Y', '_ws.malformed or hl7.malformed or _ws.expert.severity == error'),
	).toEqual([]);
});

test('python3-hl7 | ER7 splitting | comparison: our split is the one that is compared', () => {
	const read = parseEr7(bytesOfByteText('MSH|^~\\&|A\rPID|a~b^c&d\r'));
	if ('error' in read) throw new Error(read.error.text);
	expect(split(read.message)[1]![1]).toEqual([[['a']], [['b'], ['c', 'd']]]);
	expect(byteTextOf(writeEr7(read.message))).toBe('MSH|^~\\&|A\rPID|a~b^c&d\r');
});
