import type { HospitalSpec } from './hospital-spec.ts';

/** The home folder of whoever works at the PACS desk. */
export function deskHome({ hosts, desk }: HospitalSpec): string {
	return `/home/${hosts.find(({ id }) => id === desk)?.shell?.user ?? 'you'}`;
}

/** The absolute path of a file on the desk, typed as in its shell: `~/upload/a.dcm` or `upload/a.dcm`. */
export function deskPath(spec: HospitalSpec, typed: string): string {
	const path = typed.trim().replace(/\/+$/, '');
	if (path.startsWith('/')) return path;
	if (path === '~' || path === '') return deskHome(spec);
	return `${deskHome(spec)}/${path.replace(/^(?:~\/|\.\/)/, '')}`;
}

/** The files at a path of the desk: the file itself, or all that lie below the folder; in order of path. */
export function filesAt(
	files: ReadonlyMap<string, Uint8Array>,
	path: string,
): [path: string, bytes: Uint8Array][] {
	return [...files]
		.filter(([file]) => file === path || file.startsWith(`${path}/`))
		.sort(([a], [b]) => (a < b ? -1 : 1));
}
