import { humanSize } from '#lib/hospital/devices/archive/volumes.ts';
import type { Volume } from '#lib/hospital/operating-system.ts';
import { defineCommand } from '../define-command.ts';
import { parseGetopt } from '../shell/option-parser.ts';
import { absolutePath, usageError } from './files.ts';

/** From here on a volume counts as full: programs on it begin to fail. */
const FULL_FROM = 0.98;

export const df = defineCommand({
	name: 'df',
	synopsis: 'df [-h] [path...]',
	summary: 'show how full the volumes are',
	*run(context, args) {
		const parsed = parseGetopt(args, [
			{ names: ['-h', '--human-readable'] },
			{ names: ['-k'] },
			{ names: ['-T'] },
		]);
		if (!parsed.ok) return usageError('df', parsed.problem);
		const { options } = parsed;
		const volumes = new Set<Volume>();
		const out: string[] = [];
		for (const operand of options.operands) {
			const volume = volumeOf(context.os.volumes, absolutePath(context, operand));
			if (volume) volumes.add(volume);
			else out.push(`df: ${operand}: No such file or directory`);
		}
		const shown = options.operands.length > 0 ? [...volumes] : context.os.volumes;
		if (shown.length === 0) {
			return { text: [...out, 'df: no file systems processed'].join('\n'), exitCode: 1 };
		}
		out.push(...table(shown, options.has('-h')));
		return {
			text: out.join('\n'),
			exitCode: 0,
			facts: shown.map(
				(volume) => `volume ${context.host.id} ${volume.mount}: ${isFull(volume) ? 'full' : 'ok'}`,
			),
		};
	},
});

function isFull(volume: Volume): boolean {
	return volume.usedBytes >= FULL_FROM * volume.sizeBytes;
}

/** The volume with the longest mount point above a path. */
function volumeOf(volumes: readonly Volume[], path: string): Volume | undefined {
	return volumes
		.filter(({ mount }) => mount === '/' || path === mount || path.startsWith(`${mount}/`))
		.sort((a, b) => b.mount.length - a.mount.length)[0];
}

function table(volumes: readonly Volume[], human: boolean): string[] {
	const size = (bytes: number): string =>
		human ? humanSize(bytes).replace(/B$/, '') : String(Math.ceil(bytes / 1_024));
	const rows = volumes.map((volume) => {
		const freeBytes = Math.max(0, volume.sizeBytes - volume.usedBytes);
		const percent = Math.min(100, Math.ceil((volume.usedBytes * 100) / volume.sizeBytes));
		return [
			volume.device,
			size(volume.sizeBytes),
			size(volume.usedBytes),
			size(freeBytes),
			`${percent}%`,
			volume.mount,
		];
	});
	const heading = human
		? ['Filesystem', 'Size', 'Used', 'Avail', 'Use%', 'Mounted on']
		: ['Filesystem', '1K-blocks', 'Used', 'Available', 'Use%', 'Mounted on'];
	const all = [heading, ...rows];
	const widths = heading.map((_, column) => {
		const least = column === 0 ? 14 : human && column < 4 ? 5 : 4;
		return Math.max(least, ...all.map((row) => row[column]?.length ?? 0));
	});
	return all.map((row) =>
		row
			.map((cell, column) => {
				if (column === row.length - 1) return cell;
				return column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
			})
			.join(' '),
	);
}
