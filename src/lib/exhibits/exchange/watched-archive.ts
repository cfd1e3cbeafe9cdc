import { Archive, type ArchiveConfig } from '#lib/hospital/devices/archive/archive.ts';
import { archive } from '#lib/hospital/devices/archive.ts';
import type { DeviceDefinition } from '#lib/hospital/define-device.ts';
import type { LogEntry } from './log-entry.ts';

/** The archive of the hospitals, whose log lines can be put in order with what was on the wire. */
export class WatchedArchive extends Archive {
	readonly entries: LogEntry[] = [];

	override log(level: 'INFO' | 'WARN' | 'ERROR', text: string): void {
		super.log(level, text);
		this.entries.push({ atUs: this.world.kernel.nowUs, level, text });
	}
}

const definition: DeviceDefinition<ArchiveConfig, WatchedArchive> = {
	...archive,
	create: (environment, config) => new WatchedArchive(environment, config),
} as DeviceDefinition<ArchiveConfig, WatchedArchive>;

/** The only device kind of an exchange. */
export const EXCHANGE_DEVICES: ReadonlyMap<string, DeviceDefinition> = new Map([
	['archive', definition as unknown as DeviceDefinition],
]);
