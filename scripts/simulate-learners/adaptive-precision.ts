import {
	posterior,
	posteriorMean,
	STANDARD_PRIOR,
	updatedPosterior,
} from '#lib/exam/psychometrics/ability.ts';
import {
	selectNext,
	startingTheta,
	type ExposureControl,
	type PoolItem,
} from '#lib/exam/psychometrics/adaptive.ts';
import { calibrateExposure, type ExposureRound } from '#lib/exam/psychometrics/exposure.ts';
import { stopReason } from '#lib/exam/psychometrics/stop-rule.ts';
import { Random } from '#lib/kernel/random.ts';
import type { Bound } from './bounds.ts';
import { answer, drawBank, normal, rootMeanSquare } from './chance.ts';

const GRID = { low: -4, high: 4, points: 33 };
const MAXIMUM_RATE = 0.25;
/** Rounds of exposure calibration by bank: a small bank settles later, a large one costs more. */
const ROUNDS: Record<number, number> = { 200: 8, 600: 5 };
const DOMAIN = 'all';

/** The rmse of ability a reference simulation of the same design found. */
const REFERENCE_RMSE: Record<number, Record<string, number>> = {
	200: { 'maximum information': 0.308, 'randomesque 10': 0.296, 'Sympson-Hetter .25': 0.336 },
	600: { 'maximum information': 0.292, 'randomesque 10': 0.307, 'Sympson-Hetter .25': 0.286 },
};
const RMSE_TOLERANCE = 0.05;
const EXPOSURE_LIMIT = 0.35;

interface Round extends ExposureRound {
	lengths: number[];
	standardErrors: number[];
	errors: number[];
	given: Map<string, number>;
}

const count = (map: Map<string, number>, id: string): void => {
	map.set(id, (map.get(id) ?? 0) + 1);
};

/** Gives an adaptive test to `takers` of N(0,1). */
function run(
	pool: readonly PoolItem[],
	exposure: ExposureControl,
	takers: number,
	random: Random,
): Round {
	const selections = new Map<string, number>();
	const round: Round = {
		takers,
		selections,
		lengths: [],
		standardErrors: [],
		errors: [],
		given: new Map(),
	};
	for (let n = 0; n < takers; n++) {
		const truth = normal(random);
		const state = {
			theta: startingTheta(STANDARD_PRIOR.mean),
			administered: [] as PoolItem[],
			setAside: [] as string[],
			recentlySeen: [],
		};
		const passedOver = new Set<string>();
		let known = posterior([], STANDARD_PRIOR, GRID);
		while (!stopReason(known, { [DOMAIN]: state.administered.length })) {
			const choice = selectNext(pool, [], state, exposure, random);
			if (!choice) break;
			const { id, parameters } = choice.item;
			for (const selected of [id, ...choice.setAside]) {
				// An item set aside earlier and brought back was selected once.
				if (!passedOver.has(selected)) count(selections, selected);
				passedOver.add(selected);
			}
			count(round.given, id);
			state.administered.push(choice.item);
			state.setAside.push(...choice.setAside);
			const score = answer(truth, parameters, random);
			known = updatedPosterior(known, [{ item: parameters, score }]);
			state.theta = posteriorMean(known).theta;
		}
		const { theta, standardError } = posteriorMean(known);
		round.lengths.push(state.administered.length);
		round.standardErrors.push(standardError);
		round.errors.push(theta - truth);
	}
	return round;
}

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** The share of a test that two takers have in common on average. */
function overlapOf({ given, takers, lengths }: Round): number {
	const shared = [...given.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
	return shared / ((takers * (takers - 1)) / 2) / mean(lengths);
}

function tableLine(size: number, rule: string, result: Round): string {
	const unused = (100 * (size - result.given.size)) / size;
	return [
		`  ${String(size).padEnd(6)}${rule.padEnd(20)}`,
		mean(result.lengths).toFixed(1).padStart(7),
		mean(result.standardErrors).toFixed(3).padStart(7),
		rootMeanSquare(result.errors).toFixed(3).padStart(7),
		greatestExposure(result).toFixed(2).padStart(14),
		`${unused.toFixed(0)} %`.padStart(8),
		overlapOf(result).toFixed(2).padStart(9),
	].join('');
}

const greatestExposure = ({ given, takers }: Round): number => Math.max(...given.values()) / takers;

function boundsOf(size: number, rule: string, exposure: ExposureControl, result: Round): Bound[] {
	const reference = REFERENCE_RMSE[size]?.[rule] ?? NaN;
	const rmse: Bound = {
		what: `rmse, bank ${size}, ${rule}`,
		measured: rootMeanSquare(result.errors),
		limit: { atMost: Number((reference + RMSE_TOLERANCE).toFixed(3)) },
	};
	if (exposure.kind !== 'sympson-hetter') return [rmse];
	const exposed: Bound = {
		what: `greatest exposure, bank ${size}, ${rule}`,
		measured: greatestExposure(result),
		limit: { atMost: EXPOSURE_LIMIT },
	};
	return [rmse, exposed];
}

/** Precision and exposure of the adaptive test for banks of the given sizes under three exposure rules. */
export function simulateAdaptivePrecision(
	seed: string,
	sizes: readonly number[],
	takers: number,
): { lines: string[]; bounds: Bound[] } {
	const lines = [
		'',
		`Adaptive tests of 15 to 40 items to a standard error of 0.30, ${takers} takers`,
		'  bank  rule                  items     SE   rmse  most exposed  unused  overlap',
	];
	const bounds: Bound[] = [];
	for (const size of sizes) {
		const pool = drawBank(size, new Random(seed, `bank ${size}`)).map(
			(parameters, i): PoolItem => ({ id: `i${i}`, domain: DOMAIN, parameters, enemies: [] }),
		);
		const stream = (name: string): Random => new Random(seed, `${size} ${name}`);
		const parameters = calibrateExposure(
			(now, n) =>
				run(pool, { kind: 'sympson-hetter', parameters: now }, takers, stream(`round ${n}`)),
			MAXIMUM_RATE,
			ROUNDS[size] ?? 5,
		);
		const rules: Record<string, ExposureControl> = {
			'maximum information': { kind: 'none' },
			'randomesque 10': { kind: 'randomesque', among: 10 },
			'Sympson-Hetter .25': { kind: 'sympson-hetter', parameters },
		};
		for (const [rule, exposure] of Object.entries(rules)) {
			const result = run(pool, exposure, takers, stream('takers'));
			lines.push(tableLine(size, rule, result));
			bounds.push(...boundsOf(size, rule, exposure, result));
		}
	}
	return { lines, bounds };
}
