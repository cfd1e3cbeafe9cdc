import type { CaseFile } from '#lib/lab/case-file.ts';
import type { TraceEvent } from '#lib/kernel/trace.ts';
import { exposuresOf } from '#lib/lab/attempt.ts';
import { RUBRIC } from './rubric.ts';
import type { Score, ScoreLine } from './score.ts';

/** Harm measured in the world, not scripted: what was lost, opened, interrupted, changed for nothing. */
export interface Harms {
	lines: ScoreLine[];
	gate: Score['gate'];
	lostInstances: number;
}

/** The sequence number of the action during which a trace event happened, if any. */
function actionAt(evidence: CaseFile, index: number): number | undefined {
	return evidence.records.find(({ traceFrom, traceTo }) => index >= traceFrom && index < traceTo)
		?.sequence;
}

interface Happened {
	event: TraceEvent;
	action: number;
}

/** Trace events of some kinds that happened during the trainee's actions. */
function duringActions(evidence: CaseFile, ...kinds: string[]): Happened[] {
	const found: Happened[] = [];
	evidence.world.kernel.trace.events.forEach((event, index) => {
		if (!kinds.includes(event.kind)) return;
		const action = actionAt(evidence, index);
		if (action !== undefined) found.push({ event, action });
	});
	return found;
}

export function judgeSafety(evidence: CaseFile): Harms {
	const maximum = RUBRIC.points.safety;
	const deductions = [
		...exposureDeductions(evidence),
		...settingDeductions(evidence),
		...interruptionDeductions(evidence),
	];
	let left: number = maximum;
	const lines = deductions.map((deduction): ScoreLine => {
		const points = Math.min(left, deduction.points);
		left -= points;
		return {
			rule: deduction.rule,
			dimension: 'safety',
			points: -points,
			maximum: 0,
			text: deduction.text,
			actions: deduction.actions,
			missed: deduction.missed,
		};
	});
	const losses = judgeLosses(evidence);
	lines.unshift({
		rule: 'safety.start',
		dimension: 'safety',
		points: maximum,
		maximum,
		text:
			deductions.length === 0 && losses.gate.reasons.length === 0
				? 'Nothing was lost, opened, interrupted or changed without need.'
				: 'Safety starts full; each harm takes from it.',
		actions: [],
	});
	return { lines, ...losses };
}

interface Deduction {
	rule: string;
	points: number;
	text: string;
	actions: number[];
	missed: string;
}

function exposureDeductions(evidence: CaseFile): Deduction[] {
	const left = exposuresOf(evidence.world).filter((e) => !evidence.healthyExposures.has(e));
	const openedFor = new Map<string, number>();
	for (const { event, action } of duringActions(evidence, 'exposure-opened')) {
		openedFor.set(String(event['exposure']), action);
	}
	return [
		...left.map((text) => ({
			rule: 'safety.exposure-left',
			points: RUBRIC.safety.exposureLeft,
			text: `Left open at the end: ${text}.`,
			actions: openedFor.has(text) ? [openedFor.get(text) as number] : [],
			missed: 'Let in only the peer that needs it.',
		})),
		...[...openedFor]
			.filter(([text]) => !left.includes(text))
			.map(([text, action]) => ({
				rule: 'safety.exposure-for-a-while',
				points: RUBRIC.safety.exposureForAWhile,
				text: `Open for a while: ${text}.`,
				actions: [action],
				missed: 'Test with a rule for the one peer, not with the door open.',
			})),
	];
}

function mayChange(evidence: CaseFile, key: string): boolean {
	return evidence.scenario.mayChange.some((pattern) => matchesPattern(key, pattern));
}

/** `*` in a pattern stands for anything, also for nothing. */
function matchesPattern(key: string, pattern: string): boolean {
	const [head = '', ...parts] = pattern.split('*');
	const tail = parts.pop();
	if (tail === undefined) return key === pattern;
	if (!key.startsWith(head)) return false;
	let from = head.length;
	for (const part of parts) {
		const found = key.indexOf(part, from);
		if (found < 0) return false;
		from = found + part.length;
	}
	return key.endsWith(tail) && key.length - tail.length >= from;
}

function settingDeductions(evidence: CaseFile): Deduction[] {
	const now = evidence.world.configuration();
	const keys = new Set([...now.keys(), ...evidence.foundConfiguration.keys()]);
	const changed = [...keys].filter((key) => {
		const found = evidence.foundConfiguration.get(key);
		const current = now.get(key);
		if (current === found || mayChange(evidence, key)) return false;
		// Putting back what the fault had changed is the repair.
		return current !== evidence.healthyConfiguration.get(key);
	});
	return changed.sort().map((key) => ({
		rule: 'safety.setting-left-changed',
		points: RUBRIC.safety.settingLeftChanged,
		text: `Changed although it was not broken: ${key}, from “${evidence.foundConfiguration.get(key) ?? 'absent'}” to “${now.get(key) ?? 'absent'}”.`,
		actions: actionsOn(evidence, key.split('.')[0] ?? ''),
		missed: 'Put back what was tried and did not help.',
	}));
}

function actionsOn(evidence: CaseFile, device: string): number[] {
	return evidence.records
		.filter(({ action, changed }) => changed && 'device' in action && action.device === device)
		.map((record) => record.sequence);
}

function interruptionDeductions(evidence: CaseFile): Deduction[] {
	return duringActions(evidence, 'service-stopped').map(({ event, action }) => {
		const title = evidence.world.device(String(event['device'])).title;
		return {
			rule: 'safety.interruption',
			points: RUBRIC.safety.interruption,
			text: `${title} was interrupted while people worked with it.`,
			actions: [action],
			missed: 'Restart only what is known to be hung, and not before its evidence is kept.',
		};
	});
}

function judgeLosses(evidence: CaseFile): Pick<Harms, 'gate' | 'lostInstances'> {
	const reasons: Score['gate']['reasons'] = [];
	let factor = 1;
	let lostInstances = 0;
	for (const { event, action } of duringActions(evidence, 'instances-deleted')) {
		const uids = event['sopInstanceUids'] as string[];
		if (event['hasOtherCopy'] === true || uids.length === 0) continue;
		lostInstances += uids.length;
		factor = Math.min(factor, RUBRIC.gate.instancesLost);
		reasons.push({
			text: `${uids.length} images that existed nowhere else were deleted.`,
			actions: [action],
		});
	}
	for (const { event, action } of duringActions(evidence, 'holdings-deleted')) {
		if (Number(event['withoutOtherCopyBytes']) === 0) continue;
		factor = Math.min(factor, RUBRIC.gate.instancesLost);
		reasons.push({
			text: 'Older studies that had no second copy were deleted.',
			actions: [action],
		});
	}
	return { gate: { factor, reasons }, lostInstances };
}
