/** What a unit measures and how many of its base unit it holds. */
interface Unit {
	dimension: 'data' | 'rate' | 'time' | 'length' | 'activity' | 'dose';
	factor: number;
}

const SI = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const BINARY = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
const DATA = { bit: 1, B: 8 };

const REST: [symbol: string, dimension: Unit['dimension'], factor: number][] = [
	['us', 'time', 1e-6],
	['ms', 'time', 1e-3],
	['s', 'time', 1],
	['min', 'time', 60],
	['h', 'time', 3600],
	['d', 'time', 86_400],
	['mm', 'length', 1e-3],
	['cm', 'length', 1e-2],
	['m', 'length', 1],
	['Bq', 'activity', 1],
	['kBq', 'activity', 1e3],
	['MBq', 'activity', 1e6],
	['GBq', 'activity', 1e9],
	['mGy', 'dose', 1e-3],
	['Gy', 'dose', 1],
];

/**
 * Units that can be converted into each other. Decimal prefixes (k = 10^3, M = 10^6) and binary ones
 * (Ki = 2^10, Mi = 2^20; IEC 80000-13) are different units. Case matters: MB is a megabyte, Mb a megabit.
 */
const UNITS: ReadonlyMap<string, Unit> = new Map([
	...Object.entries({ ...SI, ...BINARY }).flatMap(([prefix, scale]) =>
		Object.entries(DATA).flatMap(([name, bits]): [string, Unit][] => [
			[`${prefix}${name}`, { dimension: 'data', factor: scale * bits }],
			[`${prefix}${name}/s`, { dimension: 'rate', factor: scale * bits }],
		]),
	),
	...REST.map(([symbol, dimension, factor]): [string, Unit] => [symbol, { dimension, factor }]),
]);

/** Other ways people write a unit. All-lower-case `mb` is nobody's millibit: it is read as a megabyte. */
const ALIASES: ReadonlyMap<string, string> = new Map(
	Object.entries({
		KB: 'kB',
		b: 'bit',
		kb: 'kbit',
		Kb: 'kbit',
		Mb: 'Mbit',
		Gb: 'Gbit',
		Tb: 'Tbit',
		mb: 'MB',
		gb: 'GB',
		tb: 'TB',
		kib: 'KiB',
		mib: 'MiB',
		gib: 'GiB',
		tib: 'TiB',
		kbps: 'kbit/s',
		Kbps: 'kbit/s',
		Mbps: 'Mbit/s',
		mbps: 'Mbit/s',
		Gbps: 'Gbit/s',
		gbps: 'Gbit/s',
		'kb/s': 'kbit/s',
		'Mb/s': 'Mbit/s',
		'Gb/s': 'Gbit/s',
		'KB/s': 'kB/s',
		kBps: 'kB/s',
		MBps: 'MB/s',
		GBps: 'GB/s',
		bps: 'bit/s',
		byte: 'B',
		bytes: 'B',
		bits: 'bit',
		kilobyte: 'kB',
		kilobytes: 'kB',
		megabyte: 'MB',
		megabytes: 'MB',
		gigabyte: 'GB',
		gigabytes: 'GB',
		terabyte: 'TB',
		terabytes: 'TB',
		mebibytes: 'MiB',
		gibibytes: 'GiB',
		tebibytes: 'TiB',
		µs: 'us',
		μs: 'us',
		sec: 's',
		secs: 's',
		second: 's',
		seconds: 's',
		mins: 'min',
		minute: 'min',
		minutes: 'min',
		hr: 'h',
		hrs: 'h',
		hour: 'h',
		hours: 'h',
		day: 'd',
		days: 'd',
		percent: '%',
		$: 'USD',
		nit: 'cd/m2',
		nits: 'cd/m2',
	}),
);

function symbolOf(written: string): string {
	const text = written.trim().replace(/\s+/g, ' ').replace('²', '2').replace('^2', '2');
	return ALIASES.get(text) ?? (UNITS.has(text) ? text : (ALIASES.get(text.toLowerCase()) ?? text));
}

/**
 * A value in the unit `from`, expressed in the unit `to`; `undefined` when the two measure different things.
 * Units outside the table equal only themselves, whatever their case.
 */
export function convert(value: number, from: string, to: string): number | undefined {
	const source = symbolOf(from);
	const target = symbolOf(to);
	if (source === target) return value;
	const a = UNITS.get(source);
	const b = UNITS.get(target);
	if (a && b) return a.dimension === b.dimension ? (value * a.factor) / b.factor : undefined;
	return source.toLowerCase() === target.toLowerCase() ? value : undefined;
}
