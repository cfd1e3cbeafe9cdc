import { DEVICE_DEFINITIONS } from './devices/catalogue.ts';
import { hospitalSchema, type HospitalSpec } from './hospital-spec.ts';
import { YamlSource, type Problem } from '#lib/authored/yaml-source.ts';

/** Reads a hospital file and checks that everything it refers to exists. */
export function loadHospital(
	path: string,
	text: string,
): { hospital: HospitalSpec } | { problems: Problem[] } {
	const source = new YamlSource(path, text);
	const read = source.read(hospitalSchema);
	if ('problems' in read) return read;
	const problems = referenceProblems(source, read.value);
	return problems.length > 0 ? { problems } : { hospital: read.value };
}

function referenceProblems(source: YamlSource, spec: HospitalSpec): Problem[] {
	const problems: Problem[] = [];
	const require = (known: Set<string>, id: string, keys: PropertyKey[], what: string): void => {
		if (known.has(id)) return;
		const choices = [...known].join(', ');
		problems.push(source.problem(keys, `there is no ${what} "${id}"; choose one of: ${choices}`));
	};
	const ids = (rows: { id: string }[]): Set<string> => new Set(rows.map((row) => row.id));
	const networks = ids(spec.networks);
	const hosts = ids(spec.hosts);
	const devices = ids(spec.devices);
	const people = ids(spec.people);
	const procedures = ids(spec.procedures);

	require(hosts, spec.desk, ['desk'], 'host');
	for (const [h, host] of spec.hosts.entries()) {
		for (const [n, nic] of host.nics.entries()) {
			require(networks, nic.network, ['hosts', h, 'nics', n, 'network'], 'network');
		}
	}
	const kinds = new Set(DEVICE_DEFINITIONS.keys());
	for (const [d, device] of spec.devices.entries()) {
		require(hosts, device.host, ['devices', d, 'host'], 'host');
		if (device.operator) require(people, device.operator, ['devices', d, 'operator'], 'person');
		require(kinds, device.kind, ['devices', d, 'kind'], 'device kind');
		const config = DEVICE_DEFINITIONS.get(device.kind)?.config.safeParse(device.config);
		if (!config || config.success) continue;
		for (const issue of config.error.issues) {
			const keys = ['devices', d, 'config', ...issue.path];
			problems.push(source.problem(keys, `${issue.path.join('.')}: ${issue.message}`));
		}
	}
	for (const [s, line] of spec.schedule.entries()) {
		require(devices, line.device, ['schedule', s, 'device'], 'device');
		for (const [p, id] of line.procedures.entries()) {
			require(procedures, id, ['schedule', s, 'procedures', p], 'procedure');
		}
	}
	return problems;
}
