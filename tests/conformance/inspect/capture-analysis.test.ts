/** What the analysis of captures finds in exchanges of the simulator, and in connections written by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXCHANGE_CASES } from '#lib/exhibits/exchange/cases.ts';
import { playExchange } from '#lib/exhibits/exchange/play.ts';
import { CaptureAnalysis } from '#lib/inspect/capture/analyse-capture.ts';
import type { CaptureReport, ConversationReport } from '#lib/inspect/capture/capture-report.ts';
import { captureAt } from '#lib/network/capture.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import { bench } from '#lib/network/four-subnets.fixture.ts';
import { seconds } from '#lib/kernel/time.ts';
import { encodeMllp } from '#lib/protocol/hl7/mllp.ts';
import { readPart10 } from '#lib/protocol/dicom/dataset/part10.ts';
import { TcpTalk } from '../../support/tcp-talk.ts';

function analysed(bytes: Uint8Array): { report: CaptureReport; analysis: CaptureAnalysis } {
	const analysis = new CaptureAnalysis(bytes);
	while (!analysis.advance(7));
	return { report: analysis.report(), analysis };
}

function only(bytes: Uint8Array): ConversationReport {
	const { conversations } = analysed(bytes).report;
	expect(conversations).toHaveLength(1);
	return conversations[0]!;
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('exchanges of the simulator', () => {
	const played = (id: string) => {
		const { caller, epochUs } = playExchange(id, 'inspect');
		return writeCapture(
			caller.packets.map(({ packet }) => packet),
			{ epochUs },
		);
	};

	test.each([
		['accepted', 'good', /C-STORE, released$/],
		['calling-rejected', 'bad', /rejected: Calling AE Title Not Recognized/],
		['called-rejected', 'bad', /rejected: Called AE Title Not Recognized/],
		['congestion', 'bad', /Temporary Congestion \(Rejected Transient/],
		['aborted-by-provider', 'bad', /aborted: by the Service Provider, Reason: Unexpected PDU/],
		['store-out-of-resources', 'bad', /0xA700 Out of resources \(failure\)/],
		['abstract-syntax-refused', 'warning', /released, 1 presentation context refused/],
	])('%s', (id, tone, summary) => {
		const conversation = only(played(id));
		expect(conversation).toMatchObject({ protocol: 'dicom', tone });
		expect(conversation.summary).toMatch(summary);
	});

	test('no case throws, and each in which something is said is found to be DICOM', () => {
		for (const id of Object.keys(EXCHANGE_CASES)) {
			const { protocol, clientBytes } = only(played(id));
			expect(protocol, id).toBe(clientBytes > 0 ? 'dicom' : 'none');
		}
	});

	test('a stored object comes out as the bytes that were sent', () => {
		const bytes = played('accepted');
		const { report, analysis } = analysed(bytes);
		const association = report.conversations[0]!.association!;
		const index = association.messages.findIndex((message) => message.isObject);
		const message = association.messages[index]!;
		const file = readPart10(analysis.content(0, index)!);
		if (!file.ok) throw new Error(file.error.message);
		expect(file.transferSyntax).toBe(message.transferSyntax);
		expect(file.dataSet.text('SOPInstanceUID')).toBe(message.command.AffectedSOPInstanceUID);
		expect(file.remarks).toEqual([]);
		// A response has no data set.
		expect(analysis.content(0, index + 1)).toBeUndefined();
		expect(association.contexts.map(({ answer }) => answer)).toEqual(['accepted', 'accepted']);
	});
});

describe('what happens to connections', () => {
	test('refused, dropped, prohibited, and a name that does not exist, as a firewall on the way sees it', () => {
		const b = bench();
		const ct2 = b.network.host('ct2');
		b.run(ct2.resolve('nobody.hospital.example'));
		b.run(ct2.connect({ address: '10.20.20.10', port: 104 }));
		b.run(ct2.connect({ address: '10.20.20.10', port: 443 }));
		b.run(ct2.connect({ address: '10.20.20.10', port: 11112 }, { timeoutUs: seconds(4) }));
		const at = (host: string) =>
			analysed(writeCapture(captureAt(b.kernel.trace, host), { epochUs: 0 })).report;
		expect(at('ct2').conversations.map(({ summary }) => summary)).toEqual([
			'refused: the server answers the SYN with RST',
			'communication administratively prohibited',
			'no answer to the SYN in 3 tries',
		]);
		expect(at('ct2').remarks.map(({ text }) => text)).toEqual([
			expect.stringMatching(/nobody\.hospital\.example does not exist/),
		]);
		// The firewall captures on both sides: the same packet twice is not a retransmission.
		const refused = at('firewall').conversations[0]!;
		expect(refused.summary).toMatch(/^refused/);
		expect(refused.remarks.map(({ text }) => text).join(' ')).not.toMatch(/sent again/);
		expect(refused.remarks.map(({ text }) => text).join(' ')).toMatch(/a second time/);
	});

	test('a reset in the middle is told with who did it', () => {
		const talk = new TcpTalk().open().say('client', ascii('hello, who is there?'));
		const conversation = only(talk.flag('server', { rst: true }).file());
		expect(conversation.protocol).toBe('other');
		expect(conversation.remarks.map(({ text }) => text)).toEqual([
			'The server reset the connection (RST).',
		]);
	});

	test('the same ends with another SYN are another connection', () => {
		const first = new TcpTalk().open().say('client', ascii('one')).flag('client', { rst: true });
		const again = first.packets.slice(0, 1).map((packet) => {
			const tcp = packet.pieces[2]!.slice();
			tcp[4] = 0x11; // another initial sequence number
			return { ...packet, timeUs: 9_000_000, pieces: packet.pieces.with(2, tcp) };
		});
		first.packets.push(...again);
		expect(analysed(first.file()).report.conversations).toHaveLength(2);
	});
});

describe('HL7 over MLLP', () => {
	const order = 'MSH|^~\\&|RIS|H|PACS|H|20260309074000||ORM^O01|MSG1|P|2.5.1\rPID|1||42^^^H||A^B\r';
	const ack = (code: string) =>
		`MSH|^~\\&|PACS|H|RIS|H|20260309074001||ACK^O01|A1|P|2.5.1\rMSA|${code}|MSG1|no such patient\r`;

	test('messages are matched with their acknowledgements, on any port and cut anywhere', () => {
		const talk = new TcpTalk().open();
		talk.say('client', encodeMllp(ascii(order)), 7).say('server', encodeMllp(ascii(ack('AA'))), 11);
		const conversation = only(talk.file());
		expect(conversation).toMatchObject({ protocol: 'mllp', tone: 'good' });
		expect(conversation.lines.map(({ title, tone }) => [title, tone])).toEqual([
			['ORM^O01', 'neutral'],
			['ACK^O01 AA', 'good'],
		]);
		expect(conversation.lines[1]?.detail).toMatch(/^accepted, answers MSG1, \d+ ms/);
	});

	test('a refusal and a message without an answer are bad', () => {
		const refused = new TcpTalk().open().say('client', encodeMllp(ascii(order)));
		refused.say('server', encodeMllp(ascii(ack('AE'))));
		expect(only(refused.file())).toMatchObject({
			tone: 'bad',
			summary: '1 HL7 message, AE for MSG1: no such patient',
		});
		const silent = new TcpTalk().open().say('client', encodeMllp(ascii(order)));
		expect(only(silent.file()).remarks.map(({ text }) => text)).toEqual([
			'ORM^O01 MSG1 was not acknowledged.',
		]);
	});
});

describe('other protocols are named', () => {
	test('HTTP', () => {
		const talk = new TcpTalk().open();
		talk.say('client', ascii('GET /dicom-web/studies HTTP/1.1\r\nHost: pacs\r\n\r\n'));
		talk.say('server', ascii('HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\n'));
		expect(only(talk.file())).toMatchObject({
			protocol: 'http',
			tone: 'bad',
			summary: 'HTTP: HTTP/1.1 404 Not Found',
		});
	});

	test('TLS, with what an alert means', () => {
		const talk = new TcpTalk().open();
		const hello = Uint8Array.of(0x16, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3);
		talk.say('client', Uint8Array.of(...hello, ...new Uint8Array(0)));
		talk.say('server', Uint8Array.of(0x15, 3, 3, 0, 2, 2, 48));
		const conversation = only(talk.file());
		expect(conversation).toMatchObject({ protocol: 'tls', tone: 'bad' });
		expect(conversation.lines.map(({ title }) => title)).toEqual(['ClientHello', 'Fatal alert']);
		expect(conversation.summary).toMatch(/unknown_ca: the issuer/);
	});
});

test('bytes that are missing are told, and reading goes on at the next PDU', () => {
	const { caller, epochUs } = playExchange('accepted', 'inspect');
	const packets = caller.packets.map(({ packet }) => packet);
	const first = packets.findIndex(
		(packet) => packet.payloadBytes > 400 && packet.sourcePort !== 104,
	);
	// The first segment of the first object.
	const withHole = packets.filter(
		(_, i) => i !== packets.findIndex((p, at) => at > first && p.payloadBytes > 400),
	);
	const conversation = only(writeCapture(withHole, { epochUs }));
	expect(conversation.remarks.map(({ text }) => text).join(' ')).toMatch(/are not in the capture/);
	expect(conversation.lines.map(({ title }) => title)).toContain('A-RELEASE-RQ');
	expect(conversation.summary).toMatch(/released/);
});

test('never throws: random payloads, and a capture with any bytes changed', () => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), (payloads) => {
			const talk = new TcpTalk().open();
			for (const [i, payload] of payloads.entries()) {
				talk.say(i % 2 === 0 ? 'client' : 'server', payload, 1 + (i % 9));
			}
			expect(analysed(talk.file()).report.packets).toBeGreaterThan(2);
		}),
	);
	const { caller, epochUs } = playExchange('store-out-of-resources', 'inspect');
	const good = writeCapture(
		caller.packets.map(({ packet }) => packet),
		{ epochUs },
	);
	const change = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }));
	fc.assert(
		fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
			const bad = good.slice();
			for (const [at, value] of changes) bad[at] = value;
			const { report, analysis } = analysed(bad);
			for (const { id, association } of report.conversations) {
				association?.messages.forEach((_, index) => analysis.content(id, index));
			}
		}),
	);
});

test('lines beyond the limit are counted, not kept', () => {
	const { caller, epochUs } = playExchange('accepted', 'inspect');
	const bytes = writeCapture(
		caller.packets.map(({ packet }) => packet),
		{ epochUs },
	);
	const analysis = new CaptureAnalysis(bytes, { lines: 5 });
	analysis.advance();
	expect(
		analysis
			.report()
			.remarks.map(({ text }) => text)
			.join(),
	).toMatch(/lines are left out/);
});
