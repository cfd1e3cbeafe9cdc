import { spreadOf, type Clock, type Results, type Spread } from './measure.ts';

/** What a target looks at: a contestant's rate, the seconds one operation takes, or a ratio of two rates. */
type Quantity =
	| { rate: string; clock: Clock }
	| { secondsPer: string; clock: Clock }
	/** Round by round, so that a disturbance that hits both counts for neither. */
	| { ratioOf: string; to: string; clock: Clock };

export type Target = {
	title: string;
	quantity: Quantity;
} & ({ atLeast: number } | { atMost: number });

/** What the bench holds: it fails when one of these is missed. Add a line here to hold something. */
export const TARGETS: readonly Target[] = [
	{
		title: 'working day, CPU seconds',
		quantity: { secondsPer: 'working-day', clock: 'cpu' },
		atMost: 2,
	},
	{
		title: 'loopback C-STORE, ours -> ours : storescu -> storescp',
		quantity: { ratioOf: 'loopback', to: 'dcmtk-stores', clock: 'wall' },
		atLeast: 1.5,
	},
	{
		title: 'C-STORE, storescu -> ours : storescu -> storescp',
		quantity: { ratioOf: 'storescu-to-ours', to: 'dcmtk-stores', clock: 'wall' },
		atLeast: 0.9,
	},
	{
		title: 'virtual associations per CPU second',
		quantity: { rate: 'associations', clock: 'cpu' },
		atLeast: 500,
	},
	{
		title: 'kernel events per CPU second',
		quantity: { rate: 'sleeping', clock: 'cpu' },
		atLeast: 300_000,
	},
	{
		title: 'virtual C-STORE, views : allocate and copy',
		quantity: { ratioOf: 'views', to: 'copy-limit', clock: 'cpu' },
		atLeast: 0.8,
	},
	{
		title: 'virtual C-STORE, views : ours -> ours over loopback',
		quantity: { ratioOf: 'views', to: 'loopback', clock: 'wall' },
		atLeast: 2,
	},
	{
		title: 'header read, ours : dicom-parser',
		quantity: { ratioOf: 'read-ours', to: 'read-dicom-parser', clock: 'cpu' },
		atLeast: 3,
	},
	{
		title: 'header write, ours : dcmjs',
		quantity: { ratioOf: 'write-ours', to: 'write-dcmjs', clock: 'cpu' },
		atLeast: 20,
	},
];

/** The quantity in each round, summed up; undefined when a contestant did not take part. */
export function valueOf(quantity: Quantity, results: Results): Spread | undefined {
	const { clock } = quantity;
	const of = (id: string) => results.get(id)?.map((sample) => sample[clock]);
	if ('rate' in quantity) {
		const rates = of(quantity.rate);
		return rates && spreadOf(rates);
	}
	if ('secondsPer' in quantity) {
		const rates = of(quantity.secondsPer);
		return rates && spreadOf(rates.map((rate) => 1 / rate));
	}
	const rates = of(quantity.ratioOf);
	const others = of(quantity.to);
	return rates && others && spreadOf(rates.map((rate, i) => rate / (others[i] as number)));
}

/** By which part of the limit a value misses its target; 0 or less when it is reached. */
export function shortfallOf(target: Target, value: number): number {
	return 'atLeast' in target ? 1 - value / target.atLeast : value / target.atMost - 1;
}
