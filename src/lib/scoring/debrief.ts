import { Attempt } from '#lib/lab/attempt.ts';
import type { Content } from '#lib/lab/content.ts';
import type { CaseFile } from '#lib/lab/case-file.ts';
import { formatIsoLocal } from '#lib/kernel/time.ts';
import { actionText } from './action-text.ts';
import { impactOf } from './impact.ts';
import { LAYERS } from '#lib/lab/define-fault.ts';
import { FAULT_DEFINITIONS } from '#lib/lab/faults/catalogue.ts';
import { causesOf, judge, type Cause } from './judge.ts';
import type { Debrief, StoryEntry } from './score.ts';

/** How many kernel events run between two yields of {@link debriefSteps}. */
const SLICE_EVENTS = 100;

/**
 * Judges a finished attempt and tells its story. Watches the hospital for the hold time and runs the same
 * hours without the fault, in slices: the caller may do other things at every yield.
 */
export function* debriefSteps(content: Content, attempt: Attempt): Generator<void, Debrief> {
	while (!attempt.watch(SLICE_EVENTS)) yield;
	const evidence = attempt.evidence();
	const healthy = yield* healthySteps(content, attempt, evidence);
	const { lostInstances, ...score } = judge(evidence);
	const stated = evidence.records.findLast(({ action }) => action.kind === 'diagnose')?.action;
	return {
		score,
		causes: causesOf(evidence).map((cause) => inWords(evidence, cause)),
		stated:
			stated?.kind === 'diagnose'
				? {
						...inWords(evidence, { ...stated, layer: '', text: '' }),
						confidence: stated.confidence,
					}
				: undefined,
		text: evidence.scenario.debrief,
		references: evidence.scenario.references,
		solution: (evidence.scenario.solutions[0]?.actions ?? []).map((action) =>
			actionText(evidence.world, evidence.scenario, action),
		),
		impact: { ...impactOf(evidence, healthy), lostInstances },
		story: storyOf(evidence),
		fingerprint: yield* attempt.world.kernel.trace.digestSteps(SLICE_EVENTS),
	};
}

/** A cause with titles in place of ids. */
function inWords(evidence: CaseFile, cause: Cause): Cause {
	const { devices, hosts } = evidence.world.spec;
	const component = [...devices, ...hosts].find(({ id }) => id === cause.component);
	const mechanism = [...FAULT_DEFINITIONS.values()].find((f) => f.mechanism.id === cause.mechanism);
	const layer = LAYERS.find(({ id }) => id === mechanism?.mechanism.layer);
	return {
		component: component?.title ?? cause.component,
		layer: layer?.title ?? cause.layer,
		mechanism: mechanism?.mechanism.title ?? cause.mechanism,
		text: cause.text,
	};
}

/** {@link debriefSteps} in one go. */
export function debriefOf(content: Content, attempt: Attempt): Debrief {
	const steps = debriefSteps(content, attempt);
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}

function* healthySteps(
	content: Content,
	attempt: Attempt,
	evidence: CaseFile,
): Generator<void, CaseFile> {
	const healthy = new Attempt(content, attempt.scenario.id, attempt.seed, {
		healthy: true,
		capture: false,
	});
	while (!healthy.advance(SLICE_EVENTS)) yield;
	while (!healthy.world.kernel.runUntil(evidence.endUs, SLICE_EVENTS)) yield;
	while (!healthy.watch(SLICE_EVENTS)) yield;
	return healthy.evidence();
}

/** What trace events mean to a reader; the others are not told. */
const TOLD: Record<string, (fields: Record<string, unknown>, device: string) => string> = {
	'fault-injected': () => 'The fault began.',
	'service-stopped': (_fields, device) => `${device} stopped.`,
	'service-started': (_fields, device) => `${device} started.`,
	'study-archived': ({ accession }) => `Study ${String(accession)} reached the archive.`,
	'volume-purged': (_fields, device) => `${device} purged its volume.`,
};

function storyOf(evidence: CaseFile): StoryEntry[] {
	const { world, scenario, records } = evidence;
	const wallTime = (us: number): string => formatIsoLocal(world.epochUs + us);
	const entries: (StoryEntry & { timeUs: number })[] = records.map((record) => ({
		sequence: record.sequence,
		timeUs: record.observation.startedUs,
		wallTime: wallTime(record.observation.startedUs),
		who: 'trainee',
		text: actionText(world, scenario, record.action),
	}));
	const faultDevices = new Set(
		scenario.checks.flatMap((check) => [check['from'], check['device']]),
	);
	const faults = new Set(scenario.faults.map((fault) => fault.id));
	for (const event of world.kernel.trace.events) {
		const tell = TOLD[event.kind];
		// Distractors are injected in the same way, but explain nothing.
		if (event.kind === 'fault-injected' && !faults.has(String(event['id']))) continue;
		if (!tell || (event.timeUs < evidence.arrivalUs && event.kind !== 'fault-injected')) continue;
		if (event.kind === 'study-archived') {
			const order = world.records.byAccession(String(event['accession']));
			if (!order || !faultDevices.has(order.device)) continue;
		}
		entries.push({
			sequence: undefined,
			timeUs: event.timeUs,
			wallTime: wallTime(event.timeUs),
			who: event.kind === 'fault-injected' ? 'fault' : 'hospital',
			text: tell(event, world.devices.get(String(event['device']))?.title ?? ''),
		});
	}
	return entries.sort((a, b) => a.timeUs - b.timeUs).map(({ timeUs: _timeUs, ...entry }) => entry);
}
