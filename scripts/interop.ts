/**
 * `npm run interop`: runs the tests against other people's programs and prints what was tried with whom.
 * A test, or a group of tests, carries `peer | service | role` in its name, with `: detail` after it where
 * needed. Exits with 1 when a test fails or has no such name and, with CI set, when a peer is missing.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How each peer tells its version; by the first word of its name. */
const VERSIONS: Record<string, { command: string[]; pattern: RegExp }> = {
	DCMTK: { command: ['echoscu', '--version'], pattern: /v(\d[\d.]*)/ },
	dicom3tools: { command: ['dciodvfy', '-version'], pattern: /Version: (\S+)/ },
	tshark: { command: ['tshark', '--version'], pattern: /TShark \S+ (\d[\d.]*)/ },
	Orthanc: { command: ['Orthanc', '--version'], pattern: /(\d+\.\d+\.\d+)/ },
	OpenSSL: { command: ['openssl', 'version'], pattern: /OpenSSL (\S+)/ },
	curl: { command: ['curl', '--version'], pattern: /curl (\S+)/ },
	Node: { command: ['node', '--version'], pattern: /v(\S+)/ },
	dcmjs: { command: ['npm', 'ls', 'dcmjs', '--depth=0'], pattern: /dcmjs@(\S+)/ },
	'dcmjs-dimse': { command: ['npm', 'ls', 'dcmjs-dimse', '--depth=0'], pattern: /dimse@(\S+)/ },
	'dicom-parser': { command: ['npm', 'ls', 'dicom-parser', '--depth=0'], pattern: /parser@(\S+)/ },
	python: { command: ['/usr/bin/python3', '--version'], pattern: /Python (\S+)/ },
	'python3-hl7': {
		command: ['/usr/bin/python3', '-c', 'import hl7; print(hl7.__version__)'],
		pattern: /(\S+)/,
	},
	pydicom: {
		command: ['/usr/bin/python3', '-c', 'import pydicom; print(pydicom.__version__)'],
		pattern: /(\S+)/,
	},
};

interface Result {
	ancestorTitles: string[];
	title: string;
	status: string;
}

interface Row {
	peer: string;
	service: string;
	role: string;
	passed: number;
	failed: number;
	skipped: number;
}

/** Runs the suite; the results of all its tests, and whether vitest was content. */
function runSuite(): { results: Result[]; ok: boolean } {
	const folder = mkdtempSync(join(tmpdir(), 'interop-'));
	const file = join(folder, 'results.json');
	try {
		const { status, error } = spawnSync(
			'vitest',
			[
				...['run', 'tests/interop', '--project', 'node'],
				...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
			],
			{ stdio: 'inherit' },
		);
		if (error) throw error;
		const report = JSON.parse(readFileSync(file, 'utf8')) as {
			testResults: { assertionResults: Result[] }[];
		};
		const results = report.testResults.flatMap((suite) => suite.assertionResults);
		return { results, ok: status === 0 };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** What a test's name, or that of a group around it, says of the peer. */
function subjectOf({ ancestorTitles, title }: Result): [string, string, string] | undefined {
	for (const name of [...ancestorTitles, title]) {
		const [peer, service, rest, ...more] = name.split(' | ');
		const role = rest?.split(': ')[0];
		if (peer && service && role && more.length === 0) return [peer, service, role];
	}
	return undefined;
}

function versionOf(peer: string): string {
	const source = VERSIONS[peer.split(' ')[0] ?? ''];
	if (!source) return '';
	const [program = '', ...args] = source.command;
	const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
	return source.pattern.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1] ?? 'missing';
}

function resultOf({ passed, failed, skipped }: Row): string {
	const parts = [
		...(failed > 0 ? [`${failed} FAILED`] : []),
		...(passed > 0 ? [`${passed} passed`] : []),
		...(skipped > 0 ? [`${skipped} skipped`] : []),
	];
	return parts.join(', ');
}

function printTable(lines: string[][]): void {
	const widths = lines[0]?.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
	for (const line of lines) {
		console.log(
			line
				.map((cell, i) => cell.padEnd(widths?.[i] ?? 0))
				.join('  ')
				.trimEnd(),
		);
	}
}

const { results, ok } = runSuite();
const rows = new Map<string, Row>();
const unnamed: string[] = [];
for (const result of results) {
	const subject = subjectOf(result);
	if (!subject) {
		unnamed.push([...result.ancestorTitles, result.title].join(' > '));
		continue;
	}
	const [peer, service, role] = subject;
	const key = subject.join(' | ');
	const row = rows.get(key) ?? { peer, service, role, passed: 0, failed: 0, skipped: 0 };
	rows.set(key, row);
	if (result.status === 'passed') row.passed++;
	else if (result.status === 'failed') row.failed++;
	else row.skipped++;
}

const sorted = [...rows.values()].sort((a, b) => (a.peer < b.peer ? -1 : 1));
console.log('');
printTable([
	['peer', 'version', 'service', 'role', 'result'],
	...sorted.map((row) => [row.peer, versionOf(row.peer), row.service, row.role, resultOf(row)]),
]);
for (const name of unnamed) console.error(`no "peer | service | role" in the name: ${name}`);
const skipped = sorted.filter((row) => row.skipped > 0).length;
const strict = process.env['CI'] !== undefined && process.env['CI'] !== '';
if (skipped > 0) {
	const consequence = strict ? '; in CI nothing may be skipped' : '';
	console.error(`\n${skipped} lines were skipped because a peer is missing${consequence}.`);
}
process.exit(ok && unnamed.length === 0 && !(strict && skipped > 0) ? 0 : 1);
