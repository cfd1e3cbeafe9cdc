import { readFileSync } from 'node:fs';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { usedPercent } from '#lib/hospital/devices/archive/volumes.ts';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { hours, seconds } from '#lib/kernel/time.ts';
import { describe, expect, test } from 'vitest';
import { Bench } from './bench.fixture.ts';
import { FAULT_DEFINITIONS } from './catalogue.ts';
import { EXAMPLES } from './examples.fixture.ts';

/** A fault is present until its mechanism is gone, and not until the symptom is. */

const HOSPITAL = readFileSync('scenarios/hospitals/community.yaml', 'utf8');

/** A bench with a fault in it, by default the example of the kind. */
function broken(kind: string, raw: unknown = EXAMPLES[kind]?.parameters) {
	const definition = FAULT_DEFINITIONS.get(kind);
	if (!definition) throw new Error(`no kind ${kind}`);
	const bench = new Bench(HOSPITAL, { secured: EXAMPLES[kind]?.secured === true });
	const parameters = definition.parameters.parse(raw);
	definition.inject(bench.world, parameters);
	return {
		bench,
		present: () => definition.present(bench.world, parameters),
		told: definition.describe(parameters),
	};
}

const NODE = { port: 104, 'may-store': true, 'may-query': true };

const works = (bench: Bench, device: string): boolean =>
	bench.facts(device, 'verify-archive').includes(`echo archive from ${device}: success`);

describe('own-ae-title-changed', () => {
	test('a renaming carried through at archive and RIS is a cure, half of it is not', () => {
		const { bench, present } = broken('own-ae-title-changed');
		bench.operate('pacs', 'add-node', { fields: { 'ae-title': 'CT2_NEW', host: 'ct2', ...NODE } });
		expect(works(bench, 'ct2')).toBe(true);
		expect(present()).toBe(true);
		(bench.world.device('ris') as Ris).config.stations['ct2'] = 'CT2_NEW';
		expect(bench.facts('ct2', 'query-worklist')).toEqual(['worklist of ct2: entries']);
		expect(present()).toBe(false);
	});

	test('an archive that accepts anybody is no cure', () => {
		const { bench, present } = broken('own-ae-title-changed');
		bench.configure('pacs', 'accept-unknown-callers', true);
		expect(works(bench, 'ct2')).toBe(true);
		expect(present()).toBe(true);
	});

	test('the title of another device is accepted and still wrong', () => {
		const { bench, present } = broken('own-ae-title-changed', { device: 'ct2', to: 'CT1' });
		expect(works(bench, 'ct2')).toBe(true);
		(bench.world.device('ris') as Ris).config.stations['ct2'] = 'CT1';
		expect(present()).toBe(true);
	});
});

describe('called-ae-title-wrong', () => {
	test('renaming the archive is no cure: the others fail', () => {
		const { bench, present } = broken('called-ae-title-wrong');
		bench.configure('pacs', 'ae-title', 'pacs1');
		expect(works(bench, 'ct2')).toBe(true);
		expect(works(bench, 'ct1')).toBe(false);
		expect(present()).toBe(true);
	});

	test('the worklist can be the peer', () => {
		const { bench, present } = broken('called-ae-title-wrong', {
			device: 'ct1',
			peer: 'worklist',
			to: 'RIS',
		});
		expect(bench.facts('ct1', 'verify-worklist')).toEqual([
			'echo worklist from ct1: rejected 1/1/7',
		]);
		expect(works(bench, 'ct1')).toBe(true);
		bench.configure('ct1', 'worklist-ae-title', 'RISMWL');
		expect(present()).toBe(false);
	});

	test('a device without that peer is refused in words', () => {
		expect(() => broken('called-ae-title-wrong', { device: 'fw1', to: 'X' })).toThrow(
			/"fw1" has no archive/,
		);
	});
});

test('archive-address-wrong: any way to write the right host is a cure, at a workstation too', () => {
	const { bench, present } = broken('archive-address-wrong', { device: 'ws1', to: 'pacs-old' });
	expect(bench.facts('ws1', 'verify-archive')).toEqual([
		'echo archive from ws1: name not resolved',
	]);
	for (const host of ['PACS', '10.20.20.10', 'pacs.']) {
		bench.configure('ws1', 'archive-host', host);
		expect(present()).toBe(false);
	}
	bench.configure('ws1', 'archive-host', 'ris');
	expect(present()).toBe(true);
});

test('dns-record-stale: going round the name is no cure', () => {
	const { bench, present } = broken('dns-record-stale');
	bench.configure('ct2', 'archive-host', '10.20.20.10');
	expect(works(bench, 'ct2')).toBe(true);
	expect(present()).toBe(true);
});

test('firewall-rejects: dropping is silent, and a rule above that allows is a cure', () => {
	const { bench, present } = broken('firewall-rejects', {
		...EXAMPLES['firewall-rejects']?.parameters,
		action: 'drop',
	});
	expect(bench.facts('ct2', 'verify-archive')).toEqual(['echo archive from ct2: timeout']);
	bench.operate('fw1', 'add-rule', {
		fields: {
			action: 'allow',
			source: '10.20.10.12',
			destination: '10.20.20.10',
			protocol: 'tcp',
			port: 104,
		},
	});
	expect(works(bench, 'ct2')).toBe(true);
	expect(present()).toBe(false);
});

test('address-mask-wrong: at the modality even the name server looks local', () => {
	const { bench } = broken('address-mask-wrong', { host: 'ct2', prefix: 19 });
	expect(bench.facts('ct2', 'verify-archive')).toEqual([
		'echo archive from ct2: name not resolved',
	]);
	bench.configure('ct2', 'archive-host', '10.20.20.10');
	expect(bench.facts('ct2', 'verify-archive')).toEqual(['echo archive from ct2: unreachable']);
});

test('association-limit-low: a limit raised by one is still too low', () => {
	const { bench, present } = broken('association-limit-low');
	bench.configure('pacs', 'maximum-associations', 2);
	expect(works(bench, 'ct2')).toBe(true);
	expect(present()).toBe(true);
	bench.configure('pacs', 'maximum-associations', 5);
	expect(present()).toBe(false);
});

test('association-limit-low: the occupant keeps one association for good', () => {
	const { bench } = broken('association-limit-low');
	bench.wait(30);
	const archive = bench.world.device('pacs') as Archive;
	const held = archive.provider.history.filter((entry) => entry.callingAeTitle === 'PACSDESK');
	expect(held.map((entry) => entry.outcome)).toEqual(['accepted']);
	expect(archive.provider.associationsInUse).toBe(1);
});

describe('the node table', () => {
	test('an old port alone is wrong, and removing the entry is no cure', () => {
		const { bench, present } = broken('node-address-stale', {
			archive: 'pacs',
			aeTitle: 'READ1',
			port: 4_242,
		});
		expect(present()).toBe(true);
		bench.operate('pacs', 'remove-node', { row: 'READ1' });
		expect(present()).toBe(true);
		bench.operate('pacs', 'add-node', { fields: { 'ae-title': 'READ1', host: 'ws1', ...NODE } });
		expect(present()).toBe(false);
	});

	test('an entry must be wrong somewhere', () => {
		const { parameters } = FAULT_DEFINITIONS.get('node-address-stale') ?? {};
		expect(parameters?.safeParse({ archive: 'pacs', aeTitle: 'READ1' }).success).toBe(false);
	});

	test('letting anybody in does not give a node its right', () => {
		const { bench, present } = broken('node-may-not-store');
		bench.operate('pacs', 'remove-node', { row: 'DR1' });
		bench.configure('pacs', 'accept-unknown-callers', true);
		expect(bench.nextSend('dr1')).toBe('sent');
		expect(present()).toBe(true);
	});
});

test('worklist-station-wrong: renaming the modality is no cure', () => {
	const { bench, present } = broken('worklist-station-wrong');
	bench.configure('ct2', 'ae-title', 'CT2OLD');
	expect(bench.facts('ct2', 'query-worklist')).toEqual(['worklist of ct2: entries']);
	expect(works(bench, 'ct2')).toBe(false);
	expect(present()).toBe(true);
});

describe('clock-offset', () => {
	test('is gone within a minute of true time', () => {
		const { bench, present, told } = broken('clock-offset', { host: 'pacs', offset: '-00:17' });
		expect(told).toBe('The clock of pacs was 17 min behind true time.');
		bench.world.system('pacs').clockOffsetUs = seconds(-61);
		expect(present()).toBe(true);
		bench.world.system('pacs').clockOffsetUs = seconds(40);
		expect(present()).toBe(false);
	});

	test('seconds are no fault', () => {
		const { parameters } = FAULT_DEFINITIONS.get('clock-offset') ?? {};
		expect(parameters?.safeParse({ host: 'ct2', offset: '59s' }).success).toBe(false);
		expect(parameters?.safeParse({ host: 'ct2', offset: 'soon' }).success).toBe(false);
	});
});

describe('volume-filling', () => {
	test('fills the volume named and leaves the images alone', () => {
		const { bench, present } = broken('volume-filling', {
			host: 'pacs',
			volume: 'root',
			percent: 88,
		});
		const archive = bench.world.device('pacs') as Archive;
		expect(archive.os.volumes.map(usedPercent)).toEqual([88, 78]);
		expect(archive.holdings.bytes).toBe(1_386e9);
		expect(present()).toBe(true);
	});

	test('never empties a volume, and says so of one that does not exist', () => {
		const { bench } = broken('volume-filling', { host: 'pacs', volume: 'images', percent: 50 });
		expect(usedPercent((bench.world.device('pacs') as Archive).volume)).toBe(78);
		expect(() => broken('volume-filling', { host: 'pacs', volume: 'tape', percent: 50 })).toThrow(
			/no volume "tape"/,
		);
	});
});

test('service-stopped: a stopped RIS refuses the worklist and leaves the archive', () => {
	const { bench, present } = broken('service-stopped', { device: 'ris' });
	expect(bench.facts('ct1', 'query-worklist')).toEqual(['worklist of ct1: refused']);
	expect(works(bench, 'ct1')).toBe(true);
	bench.operate('ris', 'restart');
	expect(present()).toBe(false);
});

test('link-down: at the modality itself nothing leaves', () => {
	const { bench, present } = broken('link-down', { host: 'ct2' });
	bench.configure('ct2', 'archive-host', '10.20.20.10');
	expect(bench.facts('ct2', 'verify-archive')).toEqual(['echo archive from ct2: unreachable']);
	expect(present()).toBe(true);
});

describe('certificates', () => {
	test('a clock set back hides an expired one, and nobody else is fooled', () => {
		const { bench, present, told } = broken('certificate-expired', { device: 'pacs', ago: '48h' });
		expect(told).toContain('had expired');
		bench.world.system('ct2').clockOffsetUs = -hours(72);
		expect(works(bench, 'ct2')).toBe(true);
		expect(present()).toBe(true);
	});

	test('of a client: the archive refuses it, until it is renewed there', () => {
		const { bench, present } = broken('certificate-expired', { device: 'ct2' });
		expect(bench.facts('ct2', 'verify-archive')).toEqual([
			'echo archive from ct2: TLS alert 45 received',
		]);
		bench.operate('pacs', 'renew-certificate');
		expect(present()).toBe(true);
		bench.operate('ct2', 'renew-certificate');
		expect(works(bench, 'ct2')).toBe(true);
		expect(present()).toBe(false);
	});

	test('believing any of them makes it work, is no cure and shows as an exposure', () => {
		const { bench, present } = broken('certificate-issuer-unknown');
		bench.configure('ct2', 'tls-verify-peers', false);
		expect(works(bench, 'ct2')).toBe(true);
		expect(present()).toBe(true);
		expect(bench.world.device('ct2').exposures()).toHaveLength(1);
	});

	test('an archive without the authority refuses its clients', () => {
		const { bench, present } = broken('certificate-issuer-unknown', { device: 'pacs' });
		expect(bench.facts('ct2', 'verify-archive')).toEqual([
			'echo archive from ct2: TLS alert 48 received',
		]);
		bench.configure('pacs', 'tls-trust-hospital', true);
		expect(present()).toBe(false);
	});

	test('that nobody asks for one any more is no cure of a missing one', () => {
		const { bench, present } = broken('client-certificate-missing');
		bench.configure('pacs', 'tls-client-certificate', 'none');
		expect(works(bench, 'ct2')).toBe(true);
		expect(present()).toBe(true);
	});

	test('a version only as new as what is refused is no cure', () => {
		const { bench, present } = broken('tls-version-too-old', { device: 'ct2', newest: 'TLS 1.0' });
		bench.configure('ct2', 'tls-newest-version', 'TLS 1.1');
		expect(works(bench, 'ct2')).toBe(false);
		expect(present()).toBe(true);
	});

	test('a device without TLS is refused in words', () => {
		expect(() => broken('certificate-issuer-unknown', { device: 'fw1' })).toThrow(
			/"fw1" has no TLS/,
		);
	});

	test('without TLS switched on the archive works on', () => {
		const { bench } = broken('certificate-expired');
		expect(works(bench, 'ct1')).toBe(true);
	});
});
