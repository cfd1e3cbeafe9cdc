import { expect, test } from 'vitest';
import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import type { World } from '#lib/hospital/world.ts';
import { hours } from '#lib/kernel/time.ts';
import { captureAt } from '#lib/network/capture.ts';
import { communityHospital, quietWorld } from './community-world.ts';
import { illnessesOf } from './healthy-day.ts';

const TLS_PORT = 2762;

type Config = Record<string, unknown>;

/** The community hospital as its file has it, with TLS below every association and nothing filtered. */
function securedHospital(): HospitalSpec {
	const spec = communityHospital();
	const secured = (peer: unknown): Config => ({
		...(peer as Config),
		port: TLS_PORT,
		tls: true,
	});
	for (const { kind, config } of spec.devices) {
		if (!['modality', 'archive', 'ris', 'workstation'].includes(kind)) continue;
		config['tls'] = { enabled: true };
		for (const peer of ['archive', 'worklist', 'mpps']) {
			if (config[peer] !== undefined) config[peer] = secured(config[peer]);
		}
		if (kind === 'archive') config['nodes'] = (config['nodes'] as Config[]).map(secured);
	}
	return spec;
}

function hourOf(change: (config: Config, kind: string) => void = () => undefined): World {
	const spec = securedHospital();
	for (const { kind, config } of spec.devices) change(config, kind);
	const world = quietWorld(spec, 'tls hour');
	world.host('fw1').firewall.defaultAction = 'allow';
	world.host('fw1').firewall.rules = [];
	startSchedule(world);
	world.kernel.runUntil(hours(1));
	return world;
}

const outcomes = (world: World): unknown[] =>
	world.kernel.trace.events
		.filter(({ kind }) => kind === 'tls-handshake')
		.map((event) => event['outcome']);

test('an hour with TLS everywhere is healthy', { timeout: 60_000 }, () => {
	const world = hourOf();
	expect(illnessesOf(world)).toEqual([]);
	const { orders } = world.records;
	expect(orders.filter(({ archivedUs }) => archivedUs !== undefined).length).toBeGreaterThan(3);
	expect(orders.some(({ status }) => status === 'read')).toBe(true);
	const associations = world.kernel.trace.events.filter(
		({ kind }) => kind === 'association-requested',
	);
	// Worklist, steps, images, commitment and its results, query, retrieve and its sub-operations.
	const pairs = new Set(associations.map(({ calling, called }) => `${calling} ${called}`));
	for (const pair of ['CT1 PACS1', 'CT1 RISMWL', 'PACS1 CT1', 'READ1 PACS1', 'PACS1 READ1']) {
		expect(pairs).toContain(pair);
	}
	expect(associations.map(({ port }) => port)).not.toContain(104);
	expect(outcomes(world)).toHaveLength(2 * associations.length);
	expect([...new Set(outcomes(world))]).toEqual([
		'TLS 1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
	]);
	const plain = captureAt(world.kernel.trace, 'pacs').filter(
		(packet) => packet.kind === 'ip' && [packet.sourcePort, packet.destinationPort].includes(104),
	);
	expect(plain).toEqual([]);
});

test('with C-GET the images come back under the TLS of the retrieve', { timeout: 60_000 }, () => {
	const world = hourOf((config, kind) => {
		if (kind === 'workstation') config['retrieve'] = 'get';
	});
	expect(illnessesOf(world)).toEqual([]);
	expect(world.records.orders.some(({ status }) => status === 'read')).toBe(true);
});

test('the same hour twice is the same to the byte', { timeout: 60_000 }, () => {
	expect(hourOf().kernel.trace.digest()).toBe(hourOf().kernel.trace.digest());
});

test('a reading room whose certificate has expired gets no images', { timeout: 60_000 }, () => {
	const world = hourOf((config, kind) => {
		if (kind !== 'workstation') return;
		config['tls'] = { enabled: true, certificateFrom: '-400d', certificateUntil: '-1d' };
	});
	const told = [...world.device('ws1').logFile.lines].join('\n');
	// As a client it is refused, so it never gets as far as to ask for images.
	expect(told).toContain('query of archive failed: TLS: sslv3 alert certificate expired');
	expect(world.records.orders.some(({ status }) => status === 'read')).toBe(false);
	const archive = world.device('pacs') as Archive;
	expect(archive.store.studies.size).toBeGreaterThan(3);
});
