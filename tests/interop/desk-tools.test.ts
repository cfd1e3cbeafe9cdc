/** The commands of the desk print what the tools themselves print, about the same archive. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { instancesOf } from '#lib/hospital/devices/archive/study-store.ts';
import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import { COMMANDS } from '#lib/lab/commands/catalogue.ts';
import { runLine } from '#lib/lab/shell/run-line.ts';
import { shellContext } from '#lib/lab/shell-context.ts';
import { communityHospital } from '#lib/server/gateway/community.fixture.ts';
import { openGateway, type Gateway } from '#lib/server/gateway/open-gateway.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../simulation/community-world.ts';

const missing = ['getscu', 'findscu', 'echoscu'].find(
	(tool) => spawnSync(tool, ['--version']).error,
);
if (missing !== undefined) console.warn(`skipped: DCMTK's ${missing} is not installed`);
const testWithDcmtk = test.skipIf(missing !== undefined);

const AS_DESK = '-aet PACSDESK -aec PACS1';
/** What is typed, without peer and port; `$STUDY` and `$IMAGE` are the keys of a study and of one image of it. */
const LINES = [
	`echoscu -v ${AS_DESK}`,
	`getscu -v -S ${AS_DESK} $STUDY`,
	`getscu -v +B -S ${AS_DESK} $IMAGE`,
	`getscu -v ${AS_DESK} $IMAGE -k PatientID=$PATIENT`,
	`getscu -v -S ${AS_DESK} -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.2.3`,
	`getscu -v -S ${AS_DESK} -k QueryRetrieveLevel=SERIES`,
	`getscu -S ${AS_DESK} -k NoKey=STUDY`,
	`getscu -v -S -aet NOBODY -aec PACS1 -k QueryRetrieveLevel=STUDY`,
	`getscu -v -S ${AS_DESK} -od nosuch -k QueryRetrieveLevel=STUDY`,
	`getscu -S ${AS_DESK}`,
	`findscu -v -S ${AS_DESK} $STUDY -k PatientName -k StudyDate`,
	`findscu -v -P ${AS_DESK} -k QueryRetrieveLevel=PATIENT -k PatientID=$PATIENT -k PatientName`,
	`findscu -v -S ${AS_DESK} -k QueryRetrieveLevel=SERIES -k SeriesInstanceUID`,
	`findscu -S ${AS_DESK} -k NoKey=STUDY`,
	`findscu -S --cancel x ${AS_DESK} -k PatientID`,
	`findscu -S --cancel -1 ${AS_DESK} -k PatientID`,
	`movescu ${AS_DESK} -k NoKey=STUDY`,
];

const noMllp = spawnSync('mllp_send', ['--version']).error !== undefined;
if (noMllp) console.warn("skipped: python3-hl7's mllp_send is not installed");

let gateway: Gateway;
let folder = '';

beforeAll(async () => {
	if (missing !== undefined && noMllp) return;
	folder = mkdtempSync(join(tmpdir(), 'desk-tools-'));
	gateway = await openGateway({
		hospital: communityHospital(),
		seed: 'desk-tools',
		startUs: parseIsoLocal('2026-03-09T09:00') ?? 0,
		...{ warmUpUs: hours(1), basePort: 0, callers: [], destinations: [] },
	});
}, 60_000);
afterAll(async () => {
	if (missing !== undefined && noMllp) return;
	await gateway.close();
	rmSync(folder, { recursive: true, force: true });
});

function filledIn(line: string): string {
	const [study] = (gateway.world.device('pacs') as Archive).store.studies.values();
	const [instance] = instancesOf(study!);
	const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = instance!;
	const inStudy = `-k StudyInstanceUID=${studyInstanceUid}`;
	const below = `-k SeriesInstanceUID=${seriesInstanceUid} -k SOPInstanceUID=${sopInstanceUid}`;
	return line
		.replace('$STUDY', `-k QueryRetrieveLevel=STUDY ${inStudy}`)
		.replace('$IMAGE', `-k QueryRetrieveLevel=IMAGE ${inStudy} ${below}`)
		.replace('$PATIENT', study!.patientId);
}

interface Printed {
	lines: string[];
	exitCode: number;
}

/** Errors and output of a tool, which the terminal of the desk shows as one. */
function real(line: string): Promise<Printed> {
	const [tool = '', ...args] = line.split(' ');
	const options = { cwd: folder, env: { ...process.env, TCP_NODELAY: '1' }, timeout: 30_000 };
	return new Promise((resolve) => {
		const child = execFile(tool, args, options, (_, out, errors) => {
			const text = (out + errors).replace(/\n$/, '');
			resolve({ lines: text.split('\n'), exitCode: child.exitCode ?? -1 });
		});
	});
}

/** The same in the hospital, whose clock does not stand still meanwhile. */
function simulated(line: string): Printed {
	const { world } = gateway;
	const context = { ...shellContext(world, 'admin', 'you'), commands: COMMANDS };
	const { text, exitCode } = run(world, runLine(context, line));
	return { lines: text.split('\n'), exitCode };
}

function realPort(service: string): number {
	const node = gateway.nodes.find((one) => one.deviceId === 'pacs' && one.service === service);
	if (!node) throw new Error(`no ${service}`);
	return node.realPort;
}

testWithDcmtk.each(LINES.map((line) => [line.split(' ')[0], line] as const))(
	'DCMTK %s | output of the tool | command of the desk: %s',
	async (_, line) => {
		const typed = filledIn(line);
		const expected = await real(`${typed} 127.0.0.1 ${realPort('DICOM')}`);
		expect(simulated(`${typed} pacs 104`)).toEqual(expected);
	},
);

const HEADER = 'MSH|^~\\&|DESK||PACS||20260309090000||';
const MESSAGES: Record<string, string> = {
	'an update': `${HEADER}ADT^A08^ADT_A01|M1|P|2.5.1\nEVN||20260309090000\nPID|1||SYN1^^^A^MR||A^B\nPV1|1|O\n`,
	'an event that is not taken': `${HEADER}ADT^A99^ADT_A01|M2|P|2.5.1\nPID|1||SYN1\n`,
	'two messages': `${HEADER}ADT^A08^ADT_A01|M3|P|2.5.1\nPID|1||SYN1\n${HEADER}SIU^S12|M4|P|2.5.1\n`,
	'no message': '',
};

/** Without framing, a segment a line, and without what is new in every acknowledgement. */
function masked({ lines, exitCode }: Printed): Printed {
	const text = lines
		.join('\n')
		.replaceAll('\v', '')
		.replaceAll('\x1c\r', '')
		.replaceAll('\r', '\n')
		.replace(/\|\d{14}\|/g, '|TIME|')
		.replace(/\|PACS\d{6}\|/g, '|ID|');
	return { lines: text.split('\n').filter((line) => line !== ''), exitCode };
}

test.skipIf(noMllp).each(Object.keys(MESSAGES))(
	'python3-hl7 mllp_send | output of the tool | command of the desk: %s',
	async (what) => {
		const text = MESSAGES[what] ?? '';
		writeFileSync(join(folder, 'm.hl7'), text);
		const { files } = gateway.world.system('admin');
		files.set('/home/you/m.hl7', new TextEncoder().encode(text));
		const port = realPort('HL7 MLLP');
		const expected = await real(`mllp_send --loose -p ${port} -f m.hl7 127.0.0.1`);
		const printed = simulated('mllp_send --loose -p 2575 -f m.hl7 pacs');
		expect(masked(printed)).toEqual(masked(expected));
		expect(expected.lines.some((line) => line.includes('MSA|'))).toBe(text !== '');
	},
);

test.skipIf(noMllp)(
	'python3-hl7 mllp_send | output of the tool | command of the desk: tracebacks and usage',
	async () => {
		const bytes = "\x0bMSH|^~\\&|A\r\x1c\rMSH|^~\\&|\xff'";
		writeFileSync(join(folder, 'cut.hl7'), bytes, 'latin1');
		gateway.world.system('admin').files.set('/home/you/cut.hl7', Buffer.from(bytes, 'latin1'));
		const port = realPort('HL7 MLLP');
		const cut = await real(`mllp_send -q -p ${port} -f cut.hl7 127.0.0.1`);
		expect(masked(simulated('mllp_send -q -p 2575 -f cut.hl7 pacs'))).toEqual(masked(cut));
		expect(cut.lines.at(-1)).toContain('buffer not terminated');
		for (const line of [
			'mllp_send -f none pacs',
			'mllp_send --zz',
			'mllp_send',
			'mllp_send -h',
			'mllp_send -p x y',
		]) {
			expect(simulated(line)).toEqual(await real(line));
		}
		const refused = await real(`mllp_send -p 1 -f cut.hl7 127.0.0.1`);
		expect(simulated('mllp_send -p 1 -f cut.hl7 admin')).toEqual(refused);
	},
);
