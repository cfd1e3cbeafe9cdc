/** The letter of a choice by its place on the screen, counted from 0: A, B, C ... */
export function letterOf(index: number): string {
	return String.fromCharCode(65 + index);
}

/** The place that a typed letter or digit means, or -1. */
export function indexOfKey(key: string): number {
	if (/^[a-h]$/i.test(key)) return key.toUpperCase().charCodeAt(0) - 65;
	return /^[1-9]$/.test(key) ? Number(key) - 1 : -1;
}
