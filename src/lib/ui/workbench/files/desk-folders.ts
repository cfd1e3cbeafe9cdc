interface DeskFile {
	path: string;
	sizeBytes: number;
}

export interface DeskFolder {
	path: string;
	/** As a shell shows it: `~/upload`. */
	title: string;
	/** A medium with a DICOMDIR: one thing, whatever folders are in it. */
	fileSet: boolean;
	/** Nothing that is shown elsewhere lies below it, so it can be had as a whole. */
	whole: boolean;
	/** Named from the folder on. */
	files: (DeskFile & { name: string })[];
	sizeBytes: number;
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** The desk's files by folder, the home folder first; the folders of a file-set stay together. */
export function deskFolders(files: readonly DeskFile[]): DeskFolder[] {
	const fileSets = files
		.filter(({ path }) => path.endsWith('/DICOMDIR'))
		.map(({ path }) => parentOf(path));
	const folders = new Map<string, DeskFolder>();
	for (const file of files) {
		const root = fileSets.find((one) => file.path.startsWith(`${one}/`));
		const path = root ?? parentOf(file.path);
		let folder = folders.get(path);
		if (!folder) {
			const title = path.replace(/^\/home\/[^/]+/, '~');
			folder = { path, title, fileSet: root !== undefined, whole: true, files: [], sizeBytes: 0 };
			folders.set(path, folder);
		}
		folder.files.push({ ...file, name: file.path.slice(path.length + 1) });
		folder.sizeBytes += file.sizeBytes;
	}
	const paths = [...folders.keys()];
	return [...folders.values()]
		.map((folder) => ({
			...folder,
			whole: !paths.some((path) => path.startsWith(`${folder.path}/`)),
		}))
		.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The address below an attempt at which a path of the desk is found. */
export function deskAddress(path: string): string {
	return path.split('/').filter(Boolean).map(encodeURIComponent).join('/');
}
