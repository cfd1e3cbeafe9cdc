/** Small values kept in the browser; storage may be closed or full, and nothing may break then. */

/** The stored value, if it has the shape that `accept` asks for. */
export function readStored<T>(key: string, accept: (value: unknown) => value is T): T | undefined {
	try {
		const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
		return accept(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Keeps the value; undefined forgets it. */
export function writeStored(key: string, value: unknown): void {
	try {
		if (value === undefined) localStorage.removeItem(key);
		else localStorage.setItem(key, JSON.stringify(value));
	} catch {
		// The value then lasts as long as the page.
	}
}
