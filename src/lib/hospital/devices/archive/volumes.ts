import type { Volume } from '../../operating-system.ts';

/**
 * Studies of earlier years, which fill the archive's volume but are not simulated one by one: how much
 * of the volume they take and how much of that has a second copy and may be purged.
 */
export interface Holdings {
	bytes: number;
	withSecondCopyBytes: number;
}

/** Used share in whole percent, rounded up as `df` does. */
export function usedPercent(volume: Volume): number {
	return Math.min(100, Math.ceil((volume.usedBytes * 100) / volume.sizeBytes));
}

/**
 * Frees holdings that have a second copy until the volume is down to a share of its size.
 * Returns the bytes freed.
 */
export function purge(volume: Volume, holdings: Holdings, lowWatermarkPercent: number): number {
	const targetBytes = Math.floor((volume.sizeBytes * lowWatermarkPercent) / 100);
	const wanted = Math.max(0, volume.usedBytes - targetBytes);
	const freed = Math.min(wanted, holdings.withSecondCopyBytes);
	volume.usedBytes -= freed;
	holdings.bytes -= freed;
	holdings.withSecondCopyBytes -= freed;
	return freed;
}

/** `1.8T`, `212G`: sizes as `df -h` and admin pages show them, in powers of 1024. */
export function humanSize(bytes: number): string {
	const units = ['B', 'K', 'M', 'G', 'T', 'P'];
	let value = bytes;
	let unit = 0;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	if (unit === 0) return `${Math.round(value)}B`;
	const rounded = value < 10 ? Math.ceil(value * 10) / 10 : Math.ceil(value);
	return `${value < 10 ? rounded.toFixed(1) : rounded}${units[unit]}`;
}
