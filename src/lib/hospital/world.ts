import { Kernel } from '#lib/kernel/kernel.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { Host } from '#lib/network/host.ts';
import { Network } from '#lib/network/network.ts';
import {
	applyConfigChange,
	viewConsole,
	configurationOf,
	type DeviceDefinition,
	type OperationDeclaration,
	type OperationResult,
} from './define-device.ts';
import type { ConsoleView, FieldValue } from './console-view.ts';
import type { Device, DeviceWorld } from './device.ts';
import type { HospitalSpec } from './hospital-spec.ts';
import { networkSpecOf } from './network-spec-of.ts';
import { OperatingSystem } from './operating-system.ts';
import type { Process } from '#lib/kernel/process.ts';
import { Records } from './records.ts';

export interface WorldOptions {
	seed: string;
	/** Absolute time, µs since 1970, at which virtual time 0 is. */
	epochUs: Micros;
	/** Whether frames are kept for captures; true unless told otherwise. */
	capture?: boolean;
	eventBudget?: number;
}

/** One running hospital at a virtual instant. Built from a hospital file; faults change it from outside. */
export class World implements DeviceWorld {
	readonly kernel: Kernel;
	readonly network: Network;
	readonly spec: HospitalSpec;
	readonly epochUs: Micros;
	readonly records = new Records();
	readonly devices = new Map<string, Device>();
	readonly systems = new Map<string, OperatingSystem>();
	readonly #definitions: ReadonlyMap<string, DeviceDefinition>;

	/** Throws a RangeError for a hospital file whose references the loader did not check. */
	constructor(
		spec: HospitalSpec,
		definitions: ReadonlyMap<string, DeviceDefinition>,
		options: WorldOptions,
	) {
		this.spec = spec;
		this.epochUs = options.epochUs;
		this.#definitions = definitions;
		this.kernel = new Kernel({
			seed: options.seed,
			...(options.eventBudget === undefined ? {} : { eventBudget: options.eventBudget }),
		});
		this.network = new Network(this.kernel, networkSpecOf(spec), {
			capture: options.capture ?? true,
		});
		for (const host of spec.hosts) {
			const os = new OperatingSystem(this.kernel, {
				hostId: host.id,
				epochUs: this.epochUs,
				clockOffsetUs: host.clockOffset,
				volumes: host.volumes.map((volume) => ({
					id: volume.id,
					device: volume.device,
					mount: volume.mount,
					sizeBytes: Math.round(volume.sizeGB * 1e9),
					usedBytes: Math.round(volume.usedGB * 1e9),
				})),
			});
			this.systems.set(host.id, os);
		}
		for (const device of spec.devices) {
			const definition = this.definition(device.kind);
			const environment = {
				id: device.id,
				kind: device.kind,
				title: device.title,
				reach: device.reach,
				operator: device.operator,
				host: this.host(device.host),
				os: this.system(device.host),
				world: this,
			};
			this.devices.set(
				device.id,
				definition.create(environment, definition.config.parse(device.config)),
			);
		}
	}

	/** Starts every device; what they do begins with the next event. */
	start(): void {
		for (const device of this.devices.values()) device.start();
	}

	/** True time, µs since 1970. */
	wallUs(): Micros {
		return this.epochUs + this.kernel.nowUs;
	}

	host(id: string): Host {
		return this.network.host(id);
	}

	system(hostId: string): OperatingSystem {
		const os = this.systems.get(hostId);
		if (!os) throw new RangeError(`no host "${hostId}"`);
		return os;
	}

	device(id: string): Device {
		const device = this.devices.get(id);
		if (!device) throw new RangeError(`no device "${id}"`);
		return device;
	}

	definition(kind: string): DeviceDefinition {
		const definition = this.#definitions.get(kind);
		if (!definition) throw new RangeError(`no device kind "${kind}"`);
		return definition;
	}

	definitionOf(device: Device): DeviceDefinition {
		return this.definition(device.kind);
	}

	/** Devices of one kind, in the order of the hospital file. */
	devicesOfKind(kind: string): Device[] {
		return [...this.devices.values()].filter((device) => device.kind === kind);
	}

	console(device: Device): ConsoleView {
		return viewConsole(device, this.definitionOf(device));
	}

	/** Every setting of every device, as `device.setting` to its value in text. */
	configuration(): Map<string, string> {
		const out = new Map<string, string>();
		for (const device of this.devices.values()) {
			const own = configurationOf(device, this.definitionOf(device).console);
			for (const [key, value] of own) out.set(`${device.id}.${key}`, value);
		}
		return out;
	}

	/** Changes one setting as a person does at the console; a sentence when it is refused. */
	configure(device: Device, settingId: string, value: FieldValue): string | undefined {
		return applyConfigChange(device, this.definitionOf(device).console, settingId, value);
	}

	operation(device: Device, operationId: string): OperationDeclaration<Device> | undefined {
		return this.definitionOf(device).console.operations.find((o) => o.id === operationId);
	}

	/** Carries out an operation as a person does at the console, and records it with what it changed. */
	*operate(
		device: Device,
		operation: OperationDeclaration<Device>,
		input: { row: string | undefined; fields: Record<string, FieldValue> },
	): Process<OperationResult> {
		const result = yield* operation.run(device, input);
		this.kernel.record('operation-performed', {
			device: device.id,
			operation: operation.id,
			row: input.row,
			fields: input.fields,
			refused: result.refused ?? false,
		});
		return result;
	}
}
