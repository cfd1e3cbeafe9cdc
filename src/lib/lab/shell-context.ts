import type { World } from '#lib/hospital/world.ts';
import { COMMANDS } from './commands/catalogue.ts';
import type { CommandContext } from './define-command.ts';

/** A shell on a host: its files and logs by absolute path, or relative to the user's home. */
export function shellContext(
	world: World,
	hostId: string,
	user: string,
): Omit<CommandContext, 'input'> {
	const os = world.system(hostId);
	const absolute = (path: string): string => {
		if (path.startsWith('/')) return path;
		return `/home/${user}/${path.replace(/^(~\/|\.\/)/, '')}`;
	};
	const logText = (path: string): Uint8Array | undefined => {
		const log = os.logs.get(path);
		return log && new TextEncoder().encode(log.lines.map((line) => `${line}\n`).join(''));
	};
	return {
		world,
		host: world.host(hostId),
		os,
		readFile: (path) => os.files.get(absolute(path)) ?? logText(absolute(path)),
		listFiles: () => [
			...[...os.files].map(([path, bytes]) => ({ path, sizeBytes: bytes.length })),
			...[...os.logs.values()].map((log) => ({
				path: log.path,
				sizeBytes: log.lines.reduce((sum, line) => sum + line.length + 1, 0),
			})),
		],
		writeFile: (path, bytes) => void os.files.set(absolute(path), bytes),
		commands: COMMANDS,
	};
}
