import { spreadOf, type Group, type Results, type Spread } from './measure.ts';
import { shortfallOf, valueOf, type Target } from './targets.ts';

const TITLE_WIDTH = 52;

/** Three significant digits, thousands separated. */
function formatNumber(value: number): string {
	if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
	if (value < 100) return value.toPrecision(3);
	return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

function formatSpread({ median, min, max }: Spread): string {
	return `${formatNumber(median).padStart(9)}  [${formatNumber(min)}..${formatNumber(max)}]`;
}

/** A group's rates as lines. */
export function groupLines(group: Group, results: Results): string[] {
	const lines = [
		'',
		group.title,
		`${''.padEnd(TITLE_WIDTH)}${'per second'.padStart(9).padEnd(34)}per CPU second`,
	];
	for (const { id, title, wallOnly } of group.contestants) {
		const samples = results.get(id);
		if (!samples) continue;
		const wall = formatSpread(spreadOf(samples.map((sample) => sample.wall)));
		const cpu = wallOnly ? '' : formatSpread(spreadOf(samples.map((sample) => sample.cpu)));
		lines.push(`  ${title.padEnd(TITLE_WIDTH - 2)}${wall.padEnd(34)}${cpu}`.trimEnd());
	}
	return lines;
}

/**
 * A ratio is judged by its median, because a disturbance hits both sides. An absolute figure is judged by its
 * best round: other work on the machine can only make it worse, never better.
 */
function decisive(target: Target, { median, min, max }: Spread): number {
	if ('ratioOf' in target.quantity) return median;
	return 'secondsPer' in target.quantity ? min : max;
}

/** The table of targets, and how many of them were missed. */
export function targetLines(
	targets: readonly Target[],
	results: Results,
): { lines: string[]; missed: number } {
	const lines = [
		'',
		`${'target (absolute ones by the best round)'.padEnd(TITLE_WIDTH)}${'limit'.padEnd(11)}${'measured'.padEnd(34)}`,
	];
	let missed = 0;
	for (const target of targets) {
		const limit =
			'atLeast' in target
				? `>= ${formatNumber(target.atLeast)}`
				: `<= ${formatNumber(target.atMost)}`;
		const value = valueOf(target.quantity, results);
		const measured = value ? formatSpread(value) : '        -';
		const shortfall = value && shortfallOf(target, decisive(target, value));
		if (shortfall !== undefined && shortfall > 0) missed++;
		lines.push(
			`${target.title.padEnd(TITLE_WIDTH)}${limit.padEnd(11)}${measured.padEnd(34)}${verdict(shortfall)}`,
		);
	}
	return { lines, missed };
}

function verdict(shortfall: number | undefined): string {
	if (shortfall === undefined) return 'skipped';
	return shortfall <= 0 ? 'reached' : `MISSED BY ${(100 * shortfall).toFixed(0)} %`;
}
