/**
 * `npm test`: everything that must hold, in the order in which it is cheapest to fail. Steps that need a
 * program of the system are skipped with a printed reason where it is missing; with CI set, that is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Step {
	title: string;
	command: string[];
	/** Programs without which the step cannot run. */
	needs?: string[];
	environment?: Record<string, string>;
}

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const STEPS: Step[] = [
	{ title: 'format', command: ['prettier', '--check', '.'] },
	{ title: 'lint', command: ['eslint', '.'] },
	{ title: 'import rules', command: ['depcruise', 'src'] },
	{ title: 'types', command: ['npm', 'run', '--silent', 'check'] },
	{ title: 'dead code', command: ['knip'] },
	{ title: 'unit and interop tests', command: ['vitest', 'run', '--project', 'node'] },
	// Apart from the others, whose load on a small machine would let Chromium start too slowly.
	{
		title: 'component tests',
		command: ['vitest', 'run', '--project', 'browser'],
		needs: [CHROMIUM],
	},
	{ title: 'question bank', command: ['npm', 'run', '--silent', 'lint-bank'] },
	{ title: 'question counts', command: ['npm', 'run', '--silent', 'bank-report'] },
	{
		title: 'fuzz',
		command: ['npm', 'run', '--silent', 'fuzz', '--', '--seconds', '45'],
	},
	{
		title: 'simulated learners',
		command: ['npm', 'run', '--silent', 'simulate-learners', '--', '--quick'],
	},
	{ title: 'proofs', command: ['npm', 'run', '--silent', 'prove'] },
	{ title: 'browser tests', command: ['playwright', 'test'], needs: [CHROMIUM] },
];

/** Programs that tests look for themselves; in CI all of them must be there. */
const PEERS = [
	'dcmdump',
	'echoscu',
	'storescu',
	'findscu',
	'movescu',
	'storescp',
	'tshark',
	'dciodvfy',
	'dcmqrscp',
	'wlmscpfs',
	'getscu',
	'curl',
	'openssl',
	'mllp_send',
	'/usr/sbin/Orthanc',
];

function present(program: string): boolean {
	if (program.startsWith('/')) return existsSync(program);
	return (process.env['PATH'] ?? '')
		.split(delimiter)
		.some((folder) => existsSync(join(folder, program)));
}

const strict = process.env['CI'] !== undefined && process.env['CI'] !== '';
const missing = [CHROMIUM, ...PEERS].filter((program) => !present(program));
if (missing.length > 0) {
	console.log(`not installed, what needs it is skipped: ${missing.join(', ')}`);
	if (strict) {
		console.error('In CI nothing may be skipped for that cause.');
		process.exit(1);
	}
}

const failed: string[] = [];
const lines: string[] = [];
for (const step of STEPS) {
	const lacking = step.needs?.filter((program) => !present(program)) ?? [];
	if (lacking.length > 0) {
		lines.push(`skipped  ${step.title}: needs ${lacking.join(', ')}`);
		continue;
	}
	console.log(`\n--- ${step.title}`);
	const started = performance.now();
	const [program = '', ...args] = step.command;
	const { status } = spawnSync(program, args, {
		stdio: 'inherit',
		env: { ...process.env, ...step.environment },
	});
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	lines.push(`${status === 0 ? 'passed ' : 'FAILED '}  ${step.title}, ${seconds} s`);
	if (status !== 0) failed.push(step.title);
}

console.log(`\n${lines.join('\n')}\n`);
const skipped = lines.filter((line) => line.startsWith('skipped')).length;
console.log(
	`${STEPS.length - failed.length - skipped} passed, ${failed.length} failed, ${skipped} skipped`,
);
process.exit(failed.length > 0 ? 1 : 0);
