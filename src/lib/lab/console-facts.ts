import type { ConsoleView } from '#lib/hospital/console-view.ts';

/**
 * What a console shows, as facts: the tone of each status line, which tables have rows in red, and why.
 * Times, names and counts are left out, so that the same fault gives the same facts at any moment.
 */
export function consoleFacts(view: ConsoleView, how: 'look' | 'told'): string[] {
	const facts = view.status
		.filter(({ tone }) => tone !== 'neutral')
		.map(({ label, tone }) => `${how} ${view.device} ${label}: ${tone}`);
	for (const table of view.tables) {
		const reasons = new Set(
			table.rows.filter((row) => row.tone === 'bad').map((row) => reasonOf(row.cells)),
		);
		for (const reason of [...reasons].sort()) {
			facts.push(`${how} ${view.device} ${table.id}: ${reason}`);
		}
	}
	return facts;
}

/** The cell that says what is wrong, in the order in which tables name it. */
function reasonOf(cells: Record<string, string>): string {
	const text = cells['error'] ?? cells['outcome'] ?? cells['percent'] ?? cells['state'] ?? 'bad';
	return text.replace(/\d{2}:\d{2}(:\d{2})?/g, '').trim();
}
