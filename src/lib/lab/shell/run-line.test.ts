import { expect, test } from 'vitest';
import { smallHospital } from '../commands/small-hospital.fixture.ts';

test('unknown commands, quotes and pipes fail as in bash', () => {
	const { type } = smallHospital();
	expect(type('foo bar')).toMatchObject({ text: 'bash: foo: command not found', exitCode: 127 });
	expect(type('grep "x')).toMatchObject({ exitCode: 2 });
	expect(type('')).toMatchObject({ text: '', exitCode: 0 });
	expect(type(`date${' | head'.repeat(8)}`).text).toBe('bash: at most 8 commands in one pipe');
});

test('tools of the desk are not on servers, also not behind sudo', () => {
	const { type } = smallHospital();
	expect(type('echoscu pacs 104', 'pacs').exitCode).toBe(127);
	expect(type('sudo echoscu pacs 104', 'pacs').exitCode).toBe(1);
	expect(type('timeout 5 echoscu pacs 104', 'pacs').exitCode).toBe(127);
});

test('a pipe hands lines on, and only evidence that is shown in the end is a fact', () => {
	const { type, archive } = smallHospital();
	archive.log(
		'WARN',
		'association from 10.20.10.12 calling=X called=PACS1: rejected 1/1/3 calling',
	);
	archive.log('WARN', 'purge: job is disabled, nothing done');
	const log = '/var/log/archive/pacs.log';
	expect(type(`cat ${log} | grep purge | wc -l`, 'pacs')).toMatchObject({ text: '1' });
	expect(type(`cat ${log} | grep purge`, 'pacs').facts).toEqual([
		'log pacs archive: contains purge disabled',
	]);
	expect(type(`cat ${log} | head -n 1`, 'pacs').facts).toBeUndefined();
	expect(type(`tail -n 2 ${log}`, 'pacs').facts).toEqual([
		'log pacs archive: contains rejected 1/1/3',
		'log pacs archive: contains rejected 1/1/3 calling X called PACS1',
		'log pacs archive: contains purge disabled',
	]);
});

test('facts of the network survive a filter', () => {
	const { type } = smallHospital();
	const { facts, traffic, lines } = type('ping -c 1 pacs | grep loss');
	expect(lines).toEqual(['1 packets transmitted, 1 received, 0% packet loss, time 0ms']);
	expect(facts).toEqual(['ping pacs from admin: reply']);
	expect(traffic).toHaveLength(1);
});

test('output is limited', () => {
	const { type, archive } = smallHospital();
	for (let i = 0; i < 2_500; i++) archive.log('INFO', `line ${i}`);
	const { lines } = type('cat /var/log/archive/pacs.log', 'pacs');
	expect(lines).toHaveLength(2_001);
	expect(lines.at(-1)).toMatch(/^\[\d+ more lines are not shown; use tail, head or grep\]$/);
});
