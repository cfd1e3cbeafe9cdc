import { posterior, STANDARD_PRIOR, updatedPosterior } from '#lib/exam/psychometrics/ability.ts';
import type { ItemParameters } from '#lib/exam/psychometrics/item-response.ts';
import { passProbability } from '#lib/exam/psychometrics/pass-probability.ts';
import {
	brierScore,
	calibrationError,
	reliabilityDiagram,
	type Forecast,
	type ReliabilityBin,
} from '#lib/exam/psychometrics/reliability.ts';
import { Random } from '#lib/kernel/random.ts';
import type { Bound } from './bounds.ts';
import { answer, drawBank, normal } from './chance.ts';

const CHECKPOINTS = [
	{ answers: 20, brierLimit: 0.13 },
	{ answers: 60, brierLimit: 0.085 },
	{ answers: 150, brierLimit: 0.06 },
];
const GRID = { low: -4, high: 4, points: 65 };
const BANK_SIZE = 600;
/** On a node of the grid, where a wrong treatment of the cell would show most. */
const CUT = 0;
const COLD_START_ERROR = 0.5;

interface Difficulties {
	name: string;
	calibrationLimit: number;
	/** The parameters the estimate believes in, given the true ones. */
	believed(item: ItemParameters, random: Random): ItemParameters;
}

const KINDS: Difficulties[] = [
	{
		name: 'calibrated items',
		calibrationLimit: 0.04,
		believed: (item) => item,
	},
	{
		name: 'cold start (a = 1, error of b 0.5)',
		calibrationLimit: 0.06,
		believed: ({ b, c }, random) => ({ a: 1, b: b + COLD_START_ERROR * normal(random), c, d: 1 }),
	},
];

function binLine({ low, high, count, predicted, observed, interval }: ReliabilityBin): string {
	const range = `${low.toFixed(1)}..${high.toFixed(1)}`;
	return `    ${range.padEnd(12)}${String(count).padStart(6)}${predicted.toFixed(3).padStart(11)}${observed
		.toFixed(3)
		.padStart(10)}   ${interval.low.toFixed(3)}..${interval.high.toFixed(3)}`;
}

/**
 * Whether the pass probability means what it says: learners N(0,1) answer random items of a bank of 600, and after
 * 20, 60 and 150 answers the predicted probability is held against whether their true ability lies above the cut.
 */
export function simulatePassCalibration(
	seed: string,
	learners: number,
): { lines: string[]; bounds: Bound[] } {
	const random = new Random(seed, 'pass calibration');
	const bank = drawBank(BANK_SIZE, random);
	const runs = KINDS.map((kind) => ({
		kind,
		believed: bank.map((item) => kind.believed(item, random)),
		forecasts: CHECKPOINTS.map((): Forecast[] => []),
	}));
	const positions = bank.map((_, i) => i);
	for (let n = 0; n < learners; n++) {
		const theta = normal(random);
		const order = random.shuffle(positions);
		const scores = bank.map((item) => answer(theta, item, random));
		for (const { believed, forecasts } of runs) {
			const responses = order.flatMap((i) => {
				const item = believed[i];
				return item ? [{ item, score: scores[i] ?? 0 }] : [];
			});
			let known = posterior([], STANDARD_PRIOR, GRID);
			let before = 0;
			CHECKPOINTS.forEach(({ answers }, at) => {
				known = updatedPosterior(known, responses.slice(before, answers));
				before = answers;
				forecasts[at]?.push({ probability: passProbability(known, CUT), outcome: theta > CUT });
			});
		}
	}
	const lines = ['', `Pass probability against the truth, ${learners} learners, cut ${CUT}`];
	const bounds: Bound[] = [];
	for (const { kind, forecasts } of runs) {
		CHECKPOINTS.forEach(({ answers, brierLimit }, at) => {
			const own = forecasts[at] ?? [];
			const diagram = reliabilityDiagram(own);
			const brier = brierScore(own) ?? NaN;
			const error = calibrationError(diagram) ?? NaN;
			const title = `${answers} answers, ${kind.name}`;
			lines.push(
				`  ${title}: Brier ${brier.toFixed(3)}, calibration error ${error.toFixed(3)}`,
				'    predicted         n       mean  observed   95 % interval',
				...diagram.map(binLine),
			);
			bounds.push(
				{ what: `Brier, ${title}`, measured: brier, limit: { atMost: brierLimit } },
				{
					what: `calibration error, ${title}`,
					measured: error,
					limit: { atMost: kind.calibrationLimit },
				},
			);
		});
	}
	return { lines, bounds };
}
