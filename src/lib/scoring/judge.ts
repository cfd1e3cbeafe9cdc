import { CHECK_DEFINITIONS } from '#lib/lab/checks/catalogue.ts';
import type { CaseFile } from '#lib/lab/case-file.ts';
import { FAULT_DEFINITIONS } from '#lib/lab/faults/catalogue.ts';
import { HINT_COST_PERCENT } from '#lib/lab/view-workbench.ts';
import { RUBRIC } from './rubric.ts';
import { judgeSafety } from './safety.ts';
import type { Dimension, Score, ScoreLine } from './score.ts';

/** The truth about each fault in the words of a diagnosis. */
export interface Cause {
	component: string;
	layer: string;
	mechanism: string;
	text: string;
}

/** What was really wrong. */
export function causesOf(evidence: Pick<CaseFile, 'scenario'>): Cause[] {
	return evidence.scenario.faults.map(({ id: _id, kind, at: _at, ...raw }) => {
		const definition = FAULT_DEFINITIONS.get(kind);
		if (!definition) throw new RangeError(`no fault kind "${kind}"`);
		const parameters = definition.parameters.parse(raw);
		return {
			component: definition.component(parameters),
			layer: definition.mechanism.layer,
			mechanism: definition.mechanism.id,
			text: definition.describe(parameters),
		};
	});
}

/** The explained score: a pure function of the evidence and the rubric. */
export function judge(evidence: CaseFile): Score & { lostInstances: number } {
	const safety = judgeSafety(evidence);
	const lines: ScoreLine[] = [
		...checkLines(evidence, 'restored'),
		...diagnosisLines(evidence),
		...safety.lines,
		...checkLines(evidence, 'tidy'),
	];
	const earned = (dimension: Dimension): number =>
		Math.max(
			0,
			lines
				.filter((line) => line.dimension === dimension)
				.reduce((sum, line) => sum + line.points, 0),
		);
	const restored = lines.filter((line) => line.dimension === 'restored');
	// Not the quotient alone: shares of weights need not add up to the last bit.
	const restoredShare =
		restored.length > 0 && restored.every((line) => line.points === line.maximum)
			? 1
			: earned('restored') / RUBRIC.points.restored;
	// Doing no harm is worth something only to those who also helped.
	const counted = (dimension: Dimension): number =>
		dimension === 'safety' ? earned(dimension) * restoredShare : earned(dimension);
	const dimensions = (Object.keys(RUBRIC.points) as Dimension[]).map((id) => ({
		id,
		title: RUBRIC.titles[id],
		points: round(counted(id)),
		maximum: RUBRIC.points[id],
	}));
	if (restoredShare < 1) {
		lines.push({
			rule: 'safety.in-proportion',
			dimension: 'safety',
			points: round(counted('safety') - earned('safety')),
			maximum: 0,
			text: 'Safety counts in proportion to what was restored.',
			actions: [],
		});
	}
	const hintFactor = restoredShare === 1 ? hintFactorOf(evidence) : 1;
	const sum = dimensions.reduce((total, dimension) => total + dimension.points, 0);
	const total = round(sum * safety.gate.factor * hintFactor);
	return {
		rubric: RUBRIC.version,
		total,
		gate: safety.gate,
		hintFactor,
		dimensions,
		lines,
		passed: total >= RUBRIC.passFrom && restoredShare === 1 && safety.gate.factor === 1,
		lostInstances: safety.lostInstances,
	};
}

const round = (points: number): number => Math.round(points * 10) / 10;

function hintFactorOf(evidence: CaseFile): number {
	const taken = evidence.records.filter(
		({ action, observation }) => action.kind === 'hint' && observation.outcome === 'done',
	).length;
	const cost = HINT_COST_PERCENT.slice(0, taken).reduce((sum, percent) => sum + percent, 0);
	return Math.max(RUBRIC.hintFactorMinimum, 1 - cost / 100);
}

/** The scenario's checks for one part of the score, each worth its share of the part's points. */
function checkLines(evidence: CaseFile, dimension: 'restored' | 'tidy'): ScoreLine[] {
	const checks = evidence.scenario.checks
		.map((check) => ({ check, definition: CHECK_DEFINITIONS.get(check.kind) }))
		.filter(({ check, definition }) => (check.counts ?? definition?.counts) === dimension);
	const weights = checks.reduce((sum, { check }) => sum + check.weight, 0);
	return checks.flatMap(({ check, definition }) => {
		if (!definition) return [];
		const { id, kind: _kind, counts: _counts, weight, ...raw } = check;
		const result = definition.evaluate(evidence, definition.parameters.parse(raw));
		const maximum = (RUBRIC.points[dimension] * weight) / weights;
		return [
			{
				rule: `check.${id}`,
				dimension,
				points: result.holds ? maximum : 0,
				maximum,
				text: result.text,
				actions: result.actions,
				...(result.missed === undefined ? {} : { missed: result.missed }),
			},
		];
	});
}

function diagnosisLines(evidence: CaseFile): ScoreLine[] {
	const points = RUBRIC.points.diagnosis;
	const record = evidence.records.findLast(({ action }) => action.kind === 'diagnose');
	if (record?.action.kind !== 'diagnose') {
		return [
			{
				rule: 'diagnosis.none',
				dimension: 'diagnosis',
				points: 0,
				maximum: points,
				text: 'No diagnosis was stated.',
				actions: [],
				missed: 'State component and mechanism before closing the ticket.',
			},
		];
	}
	const { component, mechanism, confidence } = record.action;
	const layer = layerOf(mechanism);
	const best = [...causesOf(evidence), ...alsoRight(evidence)]
		.map((cause) => ({
			component: cause.component === component,
			layer: cause.layer === layer,
			mechanism: cause.mechanism === mechanism,
		}))
		.sort((a, b) => share(b) - share(a))[0] ?? { component: false, layer: false, mechanism: false };
	const actions = [record.sequence];
	const line = (part: keyof typeof best, what: string): ScoreLine => {
		const maximum = points * RUBRIC.diagnosis[part];
		return {
			rule: `diagnosis.${part}`,
			dimension: 'diagnosis',
			points: best[part] ? maximum : 0,
			maximum,
			text: best[part] ? `The ${what} is right.` : `The ${what} is not right.`,
			actions,
			...(best[part] ? {} : { missed: `Name the ${what} that the evidence points to.` }),
		};
	};
	const lines = [
		line('component', 'component'),
		line('layer', 'layer'),
		line('mechanism', 'mechanism'),
	];
	if (share(best) < 1 && confidence >= RUBRIC.overconfidence.fromPercent) {
		lines.push({
			rule: 'diagnosis.overconfident',
			dimension: 'diagnosis',
			points: -RUBRIC.overconfidence.points,
			maximum: 0,
			text: `It was stated as ${confidence} % certain.`,
			actions,
			missed: 'Say how sure the evidence makes you.',
		});
	}
	return lines;
}

function share(right: { component: boolean; layer: boolean; mechanism: boolean }): number {
	return (['component', 'layer', 'mechanism'] as const).reduce(
		(sum, part) => sum + (right[part] ? RUBRIC.diagnosis[part] : 0),
		0,
	);
}

function layerOf(mechanism: string): string | undefined {
	return [...FAULT_DEFINITIONS.values()].find((fault) => fault.mechanism.id === mechanism)
		?.mechanism.layer;
}

function alsoRight(evidence: CaseFile): Omit<Cause, 'text'>[] {
	return evidence.scenario.alsoRight.map(({ component, mechanism }) => ({
		component,
		mechanism,
		layer: layerOf(mechanism) ?? '',
	}));
}
