import { correlation } from '#lib/exam/psychometrics/classical.ts';
import { calibrate } from '#lib/exam/psychometrics/calibration.ts';
import { ELO_CONSTANTS, newItem, newLearner, updateElo } from '#lib/exam/psychometrics/elo.ts';
import { uncalibratedItem } from '#lib/exam/psychometrics/item-response.ts';
import { Random } from '#lib/kernel/random.ts';
import type { Bound } from './bounds.ts';
import { answer, normal, rootMeanSquare } from './chance.ts';

const ITEMS = 400;
const ANSWERS_EACH = 200;
const OPTIONS = 5;
const C = 1 / OPTIONS;
/** Correlation of the experts' estimates with the truth; estimates are shrunk accordingly. */
const PRIOR_CORRELATION = 0.5;
const PRIOR_SD = Math.sqrt(1 - PRIOR_CORRELATION ** 2);
const LEARNERS = [10, 25, 50, 100, 250];

/** Least correlation of Elo with prior (K_b 0.4) with the truth, a few hundredths under a reference simulation. */
const LEAST_CORRELATION: Record<number, number> = {
	10: 0.62,
	25: 0.74,
	50: 0.81,
	100: 0.85,
	250: 0.93,
};

interface Trial {
	truth: number[];
	prior: number[];
	/** By learner, in order. */
	answers: { position: number; score: number }[][];
}

function drawTrial(learners: number, random: Random): Trial {
	const truth = Array.from({ length: ITEMS }, () => normal(random));
	const prior = truth.map(
		(b) => PRIOR_CORRELATION * (PRIOR_CORRELATION * b + PRIOR_SD * normal(random)),
	);
	const positions = truth.map((_, j) => j);
	const answers = Array.from({ length: learners }, () => {
		const theta = normal(random);
		return random
			.shuffle(positions)
			.slice(0, ANSWERS_EACH)
			.map((position) => {
				const item = uncalibratedItem(truth[position] ?? 0, OPTIONS);
				return { position, score: answer(theta, item, random) };
			});
	});
	return { truth, prior, answers };
}

/** Difficulties after all answers, one learner a day. */
function eloDifficulties(
	{ prior, answers }: Trial,
	start: 'flat' | 'prior',
	alphaB: number,
): number[] {
	const items = prior.map((b) => newItem(start === 'flat' ? 0 : b));
	answers.forEach((own, day) => {
		let learner = newLearner();
		for (const { position, score } of own) {
			const given = { score, c: start === 'flat' ? 0 : C, firstExposure: true, day };
			const update = updateElo(learner, items[position] ?? newItem(0), given, {
				...ELO_CONSTANTS,
				alphaB,
			});
			learner = update.learner;
			items[position] = update.item;
		}
	});
	return items.map(({ b }) => b);
}

/** Difficulties by marginal maximum a posteriori from the same answers and the same prior. */
function calibratedDifficulties({ prior, answers }: Trial): number[] {
	const patterns = answers.map((own) => {
		const row = new Array<number | undefined>(ITEMS).fill(undefined);
		for (const { position, score } of own) row[position] = score;
		return row;
	});
	const { items } = calibrate(
		{ patterns },
		{
			slopes: 'unit',
			guessing: prior.map(() => C),
			priors: { slopeLogSd: 1, interceptSd: PRIOR_SD, interceptMeans: prior.map((b) => -b) },
			maximumIterations: 15,
			tolerance: 0.01,
		},
	);
	return items.map(({ parameters }) => parameters.b);
}

const METHODS: { name: string; difficulties(trial: Trial): number[] }[] = [
	{ name: 'flat, K_b 1', difficulties: (trial) => eloDifficulties(trial, 'flat', 1) },
	{ name: 'prior, K_b 1', difficulties: (trial) => eloDifficulties(trial, 'prior', 1) },
	{
		name: 'prior, K_b 0.4',
		difficulties: (trial) => eloDifficulties(trial, 'prior', ELO_CONSTANTS.alphaB),
	},
	{ name: 'MAP-EM', difficulties: calibratedDifficulties },
];

const mean = (values: readonly number[]): number =>
	values.reduce((sum, value) => sum + value, 0) / values.length;

/** How fast Elo finds 400 difficulties from 200 answers a learner, beside marginal calibration. */
export function simulateEloConvergence(
	seed: string,
	replications: number,
): { lines: string[]; bounds: Bound[] } {
	const lines = [
		'',
		`Difficulties of ${ITEMS} items against the truth (r / rmse), ${ANSWERS_EACH} answers a learner, mean of ${replications}`,
		`  learners (answers an item)  ${['prior alone', ...METHODS.map(({ name }) => name)]
			.map((name) => name.padEnd(16))
			.join('')}`,
	];
	const bounds: Bound[] = [];
	for (const learners of LEARNERS) {
		const cells = ['prior alone', ...METHODS.map(({ name }) => name)].map((name) => ({
			name,
			r: [] as number[],
			rmse: [] as number[],
		}));
		for (let n = 0; n < replications; n++) {
			const trial = drawTrial(learners, new Random(seed, `elo ${learners} ${n}`));
			[trial.prior, ...METHODS.map((method) => method.difficulties(trial))].forEach((b, m) => {
				cells[m]?.r.push(correlation(b, trial.truth) ?? NaN);
				cells[m]?.rmse.push(rootMeanSquare(b.map((value, j) => value - (trial.truth[j] ?? NaN))));
			});
		}
		const label = `${learners} (${Math.round((learners * ANSWERS_EACH) / ITEMS)})`;
		const figures = cells.map(({ r, rmse }) =>
			`${mean(r).toFixed(2)} / ${mean(rmse).toFixed(2)}`.padEnd(16),
		);
		lines.push(`  ${label.padEnd(28)}${figures.join('')}`.trimEnd());
		const chosen = cells.find(({ name }) => name === 'prior, K_b 0.4');
		bounds.push({
			what: `r of Elo with prior, K_b 0.4, ${learners} learners`,
			measured: mean(chosen?.r ?? []),
			limit: { atLeast: LEAST_CORRELATION[learners] ?? NaN },
		});
	}
	return { lines, bounds };
}
