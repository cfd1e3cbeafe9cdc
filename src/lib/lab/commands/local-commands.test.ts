import { expect, test } from 'vitest';
import { COMMANDS } from './catalogue.ts';
import { smallHospital } from './small-hospital.fixture.ts';

const LOG = '/var/log/archive/pacs.log';

test('df shows the volumes, and which is full', () => {
	const { type, archive } = smallHospital();
	expect(type('df -h', 'pacs')).toMatchObject({
		lines: [
			'Filesystem      Size  Used Avail Use% Mounted on',
			'/dev/sda2        56G   20G   36G  36% /',
			'/dev/sdb1       1.7T  1.3T  386G  77% /archive',
		],
		facts: ['volume pacs /: ok', 'volume pacs /archive: ok'],
	});
	archive.volume.usedBytes = 0.985 * archive.volume.sizeBytes;
	expect(type('df -h /archive/x', 'pacs').facts).toEqual(['volume pacs /archive: full']);
	expect(type('df').text).toBe('df: no file systems processed');
});

test('head, tail, cat, grep and wc read logs', () => {
	const { type, archive } = smallHospital();
	for (let i = 1; i <= 30; i++) archive.log(i % 2 ? 'INFO' : 'WARN', `line ${i}`);
	expect(type(`tail -n 2 ${LOG}`, 'pacs').lines.map((line) => line.slice(24))).toEqual([
		'INFO  line 29',
		'WARN  line 30',
	]);
	expect(type(`tail ${LOG}`, 'pacs').lines).toHaveLength(10);
	expect(type(`head -3 ${LOG}`, 'pacs').lines).toHaveLength(3);
	expect(type(`tail -n +30 ${LOG}`, 'pacs').lines).toHaveLength(2);
	expect(type(`tail -n 1 -f ${LOG}`, 'pacs').lines[1]).toMatch(/does not follow files/);
	expect(type(`grep -c WARN ${LOG}`, 'pacs').text).toBe('15');
	expect(type(`grep -n 'line 3$' ${LOG}`, 'pacs').text).toMatch(/^4:.*line 3$/);
	expect(type(`grep -i -v -E 'line|start' ${LOG}`, 'pacs')).toMatchObject({
		text: '',
		exitCode: 1,
	});
	expect(type(`wc -l ${LOG}`, 'pacs').text).toBe(`31 ${LOG}`);
	expect(type('cat /etc/resolv.conf').text).toBe('nameserver 10.20.20.2');
});

test('files that are not there, folders and binary files are told apart', () => {
	const { type } = smallHospital();
	expect(type('cat /nothing').text).toBe('cat: /nothing: No such file or directory');
	expect(type('cat /var/log', 'pacs').text).toBe('cat: /var/log: Is a directory');
	expect(type('cat test-image.dcm').text).toMatch(/binary file/);
	expect(type('tail /nothing').text).toBe(
		"tail: cannot open '/nothing' for reading: No such file or directory",
	);
	expect(type('grep x').exitCode).toBe(2);
	expect(type('head -n x /etc/hosts').text).toBe("head: invalid number of lines: 'x'");
});

test('ls walks through the folders', () => {
	const { type } = smallHospital();
	expect(type('ls').text).toBe('test-image.dcm');
	expect(type('ls /var/log', 'pacs').text).toBe('archive/');
	expect(type('ls -R /var', 'pacs').lines).toEqual([
		'/var:',
		'log/',
		'',
		'/var/log:',
		'archive/',
		'',
		'/var/log/archive:',
		'pacs.log',
	]);
	expect(type('ls /nothing')).toMatchObject({ exitCode: 2 });
	expect(type('ls ../you/./test-image.dcm').exitCode).toBe(0);
});

test('systemctl restarts a device as its console does', () => {
	const { type, archive, world } = smallHospital();
	const { tookUs, changed, text } = type('systemctl restart pacs.service', 'pacs');
	expect([text, changed, tookUs]).toEqual(['', true, 240_000_000]);
	expect(archive.state).toBe('running');
	const recorded = world.kernel.trace.events.filter(
		(event) => event.kind === 'operation-performed',
	);
	expect(recorded).toMatchObject([{ device: 'pacs', operation: 'restart', refused: false }]);
});

test('systemctl stops, starts and tells the state', () => {
	const { type, archive } = smallHospital();
	expect(type('systemctl status pacs', 'pacs')).toMatchObject({
		exitCode: 0,
		facts: ['service pacs on pacs: running'],
	});
	type('systemctl stop pacs', 'pacs');
	expect(archive.state).toBe('stopped');
	expect(type('echoscu pacs 104').text).toMatch(/Connection refused$/);
	const status = type('systemctl status pacs', 'pacs');
	expect(status.exitCode).toBe(3);
	expect(status.lines[2]).toMatch(
		/Active: inactive \(dead\) since Mon 2026-03-09 07:40:01; 0s ago/,
	);
	expect(status.facts).toEqual(['service pacs on pacs: stopped']);
	expect(type('sudo systemctl start pacs', 'pacs').tookUs).toBe(240_000_000);
	expect(archive.state).toBe('running');
	expect(type('systemctl start pacs', 'pacs')).toMatchObject({ tookUs: 0 });
	expect(type('systemctl status nothing', 'pacs').text).toBe(
		'Unit nothing.service could not be found.',
	);
	expect(type('systemctl blah').text).toBe('Unknown command verb blah.');
});

test("date shows the machine's own clock", () => {
	const { type, world } = smallHospital();
	world.system('pacs').clockOffsetUs = 3_600_000_000;
	expect(type('date').text).toBe('Mon Mar  9 07:40:01 2026');
	expect(type('date "+%F %T"', 'pacs').text).toBe('2026-03-09 08:40:01');
	expect(type('hostname -I').text).toBe('10.20.30.50');
});

test('every command is documented and has its name in its synopsis', () => {
	const { type } = smallHospital();
	const overview = type('help').text;
	for (const [name, { synopsis, summary }] of COMMANDS) {
		expect(synopsis).toContain(name);
		expect(summary.length).toBeGreaterThan(10);
		expect(overview).toContain(name);
		expect(type(`help ${name}`).exitCode).toBe(0);
	}
	expect(type('help nothing').exitCode).toBe(1);
	expect(type('help', 'pacs').text).not.toContain('echoscu');
});

test('no argument makes a command throw', () => {
	const { type } = smallHospital();
	for (const name of COMMANDS.keys()) {
		for (const rest of ['', ' --nonsense', ' -', ' x', ' "" ""', ' ü 104 ü', ' pacs 0']) {
			if (name === 'tcpdump' && rest === '') continue;
			expect(typeof type(`${name}${rest}`).text, name + rest).toBe('string');
		}
	}
});
