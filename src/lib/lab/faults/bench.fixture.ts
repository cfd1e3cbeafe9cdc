import type { ConsoleView, FieldValue } from '#lib/hospital/console-view.ts';
import type { OperationResult } from '#lib/hospital/define-device.ts';
import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { loadHospital } from '#lib/hospital/load-hospital.ts';
import { startSchedule } from '#lib/hospital/schedule.ts';
import { World } from '#lib/hospital/world.ts';
import type { Process } from '#lib/kernel/process.ts';
import { minutes, parseIsoLocal } from '#lib/kernel/time.ts';

/** Long enough for studies to be archived, listed and read. */
const WARM_UP_US = minutes(36);
const NEXT_STUDY_MINUTES = 60;

/** The community hospital on a working day, alive and past its warm-up, for the tests of this folder. */
export class Bench {
	readonly world: World;

	/** `secured`: CT 2 talks to the archive over TLS, each with a certificate. */
	constructor(hospitalYaml: string, { seed = 'bench', secured = false } = {}) {
		const loaded = loadHospital('community.yaml', hospitalYaml);
		if ('problems' in loaded) throw new Error(loaded.problems[0]?.message);
		if (secured) secure(loaded.hospital);
		this.world = new World(loaded.hospital, DEVICE_DEFINITIONS, {
			seed,
			epochUs: parseIsoLocal('2026-03-09T07:30') ?? 0,
			capture: false,
			eventBudget: 3_000_000,
		});
		this.world.start();
		startSchedule(this.world);
		this.world.kernel.runUntil(WARM_UP_US);
	}

	/** Lets the hospital live on. */
	wait(virtualMinutes: number): void {
		this.world.kernel.runUntil(this.world.kernel.nowUs + minutes(virtualMinutes));
	}

	/** Runs a process to its end and gives its result. */
	run<T extends object>(body: Process<T>): T {
		const ended: T[] = [];
		const { kernel } = this.world;
		const task = kernel.spawn(
			'test',
			(function* () {
				ended.push(yield* body);
			})(),
		);
		kernel.runTask(task);
		const [result] = ended;
		if (result === undefined) throw new Error('the process did not end');
		return result;
	}

	/** What a person does at a console. A refusal fails the test. */
	operate(
		deviceId: string,
		operationId: string,
		input: { row?: string; fields?: Record<string, FieldValue> } = {},
	): OperationResult {
		const device = this.world.device(deviceId);
		const operation = this.world.operation(device, operationId);
		if (!operation) throw new Error(`${deviceId} has no operation ${operationId}`);
		const result = this.run(
			this.world.operate(device, operation, { row: input.row, fields: input.fields ?? {} }),
		);
		if (result.refused) throw new Error(result.text);
		return result;
	}

	/** The facts that an operation shows. */
	facts(deviceId: string, operationId: string, row?: string): string[] {
		return this.operate(deviceId, operationId, row === undefined ? {} : { row }).facts ?? [];
	}

	/** Changes a setting at a console. A refusal fails the test. */
	configure(deviceId: string, setting: string, value: FieldValue): void {
		const refusal = this.world.configure(this.world.device(deviceId), setting, value);
		if (refusal) throw new Error(refusal);
	}

	console(deviceId: string): ConsoleView {
		return this.world.console(this.world.device(deviceId));
	}

	/** What became of the next study of a modality at its first sending: `sent` or the error on its queue. */
	nextSend(deviceId: string): string {
		const { queue } = this.world.device(deviceId) as Modality;
		const known = new Set(queue);
		for (let minute = 0; minute < NEXT_STUDY_MINUTES; minute++) {
			this.wait(1);
			const job = queue.find((candidate) => !known.has(candidate));
			if (job?.state === 'sent') return 'sent';
			if (job?.lastError) return job.lastError;
		}
		throw new Error(`no study of ${deviceId} was sent`);
	}
}

const TLS_PORT = 2762;

function secure({ devices, hosts }: HospitalSpec): void {
	for (const { id, config } of devices) {
		if (id === 'pacs') config['tls'] = { enabled: true };
		if (id !== 'ct2') continue;
		config['archive'] = { ...(config['archive'] as object), port: TLS_PORT, tls: true };
	}
	const firewall = hosts.find(({ id }) => id === 'fw1')?.firewall;
	firewall?.rules.unshift({
		...{ id: 'mod-tls', action: 'allow', source: '10.20.10.0/24', destination: '10.20.20.10' },
		...{ protocol: 'tcp', port: TLS_PORT, comment: 'Modalities to archive, TLS' },
	});
}
