import { readFileSync } from 'node:fs';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { loadHospital } from '#lib/hospital/load-hospital.ts';

/** The community hospital as it is authored. */
export function communityHospital(): HospitalSpec {
	const path = 'scenarios/hospitals/community.yaml';
	const loaded = loadHospital(path, readFileSync(path, 'utf8'));
	if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
	return loaded.hospital;
}
