import { expect, test } from 'vitest';
import { hours, minutes, seconds } from '#lib/kernel/time.ts';
import { captureAt } from '#lib/network/capture.ts';
import { communityHospital, run } from '../../../../tests/simulation/community-world.ts';
import { DEVICE_DEFINITIONS } from '../devices/catalogue.ts';
import type { Archive } from '../devices/archive/archive.ts';
import type { Modality } from '../devices/modality/modality.ts';
import { World } from '../world.ts';
import { authorityOf } from './hospital-authority.ts';

type Settings = Record<string, unknown>;

/** The community hospital with TLS between CT 1 and the archive. */
function securedWorld(archive: Settings = {}, modality: Settings = {}, seed = 'tls'): World {
	const spec = communityHospital();
	for (const device of spec.devices) {
		if (device.id === 'pacs') device.config['tls'] = { enabled: true, ...archive };
		if (device.id !== 'ct1') continue;
		const peer = device.config['archive'] as Settings;
		device.config['archive'] = { ...peer, port: 2762, tls: true };
		device.config['tls'] = modality;
	}
	const world = new World(spec, DEVICE_DEFINITIONS, { seed, epochUs: 1_772_000_000_000_000 });
	world.host('fw1').firewall.defaultAction = 'allow';
	world.host('fw1').firewall.rules = [];
	world.start();
	world.kernel.runUntil(seconds(1));
	return world;
}

/** What the scanner's screen and both logs say about a DICOM verification. */
function verification(world: World): { text: string; fact: string; archive: string[] } {
	const ct = world.device('ct1');
	const operation = world.operation(ct, 'verify-archive');
	if (!operation) throw new Error('no such button');
	const log = world.device('pacs').logFile;
	const before = log.lines.length;
	const result = run(world, world.operate(ct, operation, { row: undefined, fields: {} }));
	world.kernel.runUntil(world.kernel.nowUs + minutes(2));
	return {
		text: result.text.split('\n')[1] ?? '',
		fact: result.facts?.[0] ?? '',
		archive: log.lines.slice(before).map((line) => line.slice(24)),
	};
}

const PASSED = 'PASSED: C-ECHO status 0000';
const DAY_US = hours(24);

test('a scanner and the archive talk over TLS, with certificates on both sides', () => {
	const world = securedWorld();
	expect(verification(world).text).toBe(PASSED);
	const handshakes = world.kernel.trace.events.filter((event) => event.kind === 'tls-handshake');
	// The client's Finished comes first, so the server is done before it.
	expect(handshakes.map((event) => [event['host'], event['role'], event['outcome']])).toEqual([
		['pacs', 'server', 'TLS 1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
		['ct1', 'client', 'TLS 1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
	]);
	const first = captureAt(world.kernel.trace, 'pacs').find(
		(packet) => packet.kind === 'ip' && packet.payloadBytes > 0 && packet.destinationPort === 2762,
	);
	const [piece] = first?.kind === 'ip' ? first.pieces : [];
	expect([piece?.[0], piece?.[1]]).toEqual([0x16, 3]);
});

test('with an RSA key too', () => {
	const world = securedWorld({ keyType: 'RSA-2048' });
	expect(verification(world).text).toBe(PASSED);
});

test.each<[string, Settings, Settings, string, string, string]>([
	[
		'the certificate of the archive has expired',
		{ certificateFrom: '-400d', certificateUntil: '-1d' },
		{},
		'FAILED: TLS: certificate verify failed: certificate has expired',
		'TLS alert 45 sent: certificate has expired',
		'sslv3 alert certificate expired',
	],
	[
		'the scanner does not know the authority',
		{},
		{ trustsHospital: false },
		'FAILED: TLS: certificate verify failed: unable to get local issuer certificate',
		'TLS alert 48 sent: unable to get local issuer certificate',
		'tlsv1 alert unknown ca',
	],
	[
		'the archive leaves out the intermediate authority',
		{ sendsIntermediate: false },
		{},
		'FAILED: TLS: certificate verify failed: unable to get local issuer certificate',
		'TLS alert 48 sent: unable to get local issuer certificate',
		'tlsv1 alert unknown ca',
	],
	[
		'the scanner shows no certificate',
		{},
		{ presentsCertificate: false },
		'FAILED: TLS: sslv3 alert handshake failure',
		'TLS alert 40 received',
		'peer did not return a certificate',
	],
	[
		'the certificate of the scanner has expired',
		{},
		{ certificateFrom: '-400d', certificateUntil: '-1d' },
		'FAILED: TLS: sslv3 alert certificate expired',
		'TLS alert 45 received',
		'certificate verify failed: certificate has expired',
	],
	[
		'the archive insists on TLS 1.3',
		{ minimumVersion: 'TLS 1.3', maximumVersion: 'TLS 1.3' },
		{},
		'FAILED: TLS: tlsv1 alert protocol version',
		'TLS alert 70 received',
		'unsupported protocol',
	],
])('each side tells its part when %s', (_, archive, modality, text, fact, log) => {
	const told = verification(securedWorld(archive, modality));
	expect(told.text).toBe(text);
	expect(told.fact).toBe(`echo archive from ct1: ${fact}`);
	expect(told.archive).toEqual([
		expect.stringMatching(new RegExp(`^WARN +TLS handshake with [\\d.]+ failed: ${log}$`)),
	]);
});

test('a clock that is wrong makes a good certificate bad, and only for its owner', () => {
	const world = securedWorld();
	world.system('ct1').clockOffsetUs = -60 * DAY_US;
	expect(verification(world).text).toContain('certificate is not yet valid');
	world.system('ct1').clockOffsetUs = 0;
	expect(verification(world).text).toBe(PASSED);
	world.system('pacs').clockOffsetUs = 400 * DAY_US;
	expect(verification(world).fact).toContain('TLS alert 45 received');
});

test('a name that is not in the certificate is refused, unless names are not looked at', () => {
	const world = securedWorld();
	const ct = world.device('ct1') as Modality;
	world.host('ct1').names.hostsFile.push({ name: 'archive', address: '10.20.20.10' });
	ct.config.archive.host = 'archive';
	expect(verification(world).text).toContain('hostname mismatch');
	ct.security.config.checksName = false;
	expect(verification(world).text).toBe(PASSED);
});

test('TLS against plain, both ways round', () => {
	const world = securedWorld();
	const ct = world.device('ct1') as Modality;
	ct.config.archive.tls = false;
	const plain = verification(world);
	expect(plain.text).toBe('FAILED: connection lost');
	expect(plain.archive[0]).toContain('failed: wrong version number');
	ct.config.archive.tls = true;
	ct.config.archive.port = 104;
	expect(verification(world).text).toMatch(/^FAILED: TLS: (wrong version number|unexpected eof)/);
});

test('a renewed certificate cures an expired one, and settings count at once', () => {
	const world = securedWorld({ certificateFrom: '-400d', certificateUntil: '-1d' });
	const archive = world.device('pacs') as Archive;
	const before = archive.security.certificate;
	expect(verification(world).text).toContain('certificate has expired');
	const renew = world.operation(archive, 'renew-certificate');
	const result = run(world, world.operate(archive, renew!, { row: undefined, fields: {} }));
	expect(result.text).toContain('valid until');
	expect(archive.security.certificate.serialNumber).not.toEqual(before.serialNumber);
	expect(verification(world).text).toBe(PASSED);
	const ct = world.device('ct1') as Modality;
	ct.security.config.presentsCertificate = false;
	expect(verification(world).text).toContain('handshake failure');
	expect(world.configure(archive, 'tls-client-certificate', 'none')).toBeUndefined();
	expect(verification(world).text).toBe(PASSED);
	expect(archive.exposures()).toEqual([]);
	world.configure(archive, 'tls-verify-peers', false);
	expect(archive.exposures()).toEqual([`${archive.title} believes any certificate`]);
});

test('the authority and its certificates follow from the seed, in whatever order they are asked for', () => {
	const der = (world: World, hosts: string[]): Map<string, string> => {
		const order = { notBeforeUs: 0, notAfterUs: 1e15, keyType: 'P-256' } as const;
		const authority = authorityOf(world);
		const issued = hosts.map((host): [string, string] => [
			host,
			String(authority.issue(host, order).certificate.der),
		]);
		return new Map(issued.sort());
	};
	const one = der(securedWorld(), ['ris', 'ct2']);
	expect(der(securedWorld(), ['ct2', 'ris'])).toEqual(one);
	expect(der(securedWorld({}, {}, 'other'), ['ct2', 'ris'])).not.toEqual(one);
});
