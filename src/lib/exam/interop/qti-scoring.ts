import { Unsupported } from './draft.ts';
import { attribute } from './qti-tree.ts';
import { descendants, elementsOf, firstOf, textOf, type XmlElement } from './xml-tree.ts';

/** How an item is judged, reduced to what can be marked here. */
export interface QtiScoring {
	/** By the declared correct response, or by the positive entries of the declared mapping. */
	by: 'correct' | 'mapping';
	/** Where the processing itself names the right value. */
	value: string | null;
	tolerance: { mode: 'exact' | 'absolute' | 'relative'; low: number; high: number };
	/** Values that the processing singles out to give an outcome an identifier: feedback on known mistakes. */
	singled: { value: string; identifier: string }[];
	notes: string[];
}

const EXACT: QtiScoring['tolerance'] = { mode: 'exact', low: 0, high: 0 };

/** How the processing of responses judges. Throws Unsupported when it is none of the ways understood here. */
export function scoringOf(item: XmlElement, response: string): QtiScoring {
	const processing = firstOf(item, 'response-processing');
	const common: QtiScoring = {
		...{ by: 'correct', value: null, tolerance: EXACT },
		...{ singled: [], notes: [] },
	};
	if (!processing) {
		const note = 'The file does not say how to mark it; its declared answer is taken as the key.';
		return { ...common, notes: [note] };
	}
	const template = attribute(processing, 'template') || attribute(processing, 'template-location');
	const rules = elementsOf(processing);
	if (rules.length === 0 && template !== '') {
		const name = /([a-z_]+?)(?:\.xml)?$/i.exec(template)?.[1] ?? '';
		if (name === 'match_correct') return common;
		if (name === 'map_response') return { ...common, by: 'mapping' };
		throw new Unsupported(
			`It is marked by the template "${name || template}", which is not understood.`,
		);
	}
	if (rules.length === 0) throw new Unsupported('Its response processing is empty.');
	return customScoring(rules, response, common);
}

/** The outcome that counts. */
const SCORE = 'SCORE';

function customScoring(
	rules: readonly XmlElement[],
	response: string,
	common: QtiScoring,
): QtiScoring {
	let found: QtiScoring | undefined;
	const singled: QtiScoring['singled'] = [];
	const keep = (scoring: QtiScoring): void => {
		if (found)
			throw new Unsupported('It is marked by several rules, which are not understood here.');
		found = scoring;
	};
	for (const rule of rules) {
		if (rule.name === 'set-outcome-value') {
			if (attribute(rule, 'identifier') !== SCORE) continue;
			if (isMapResponse(elementsOf(rule)[0], response)) keep({ ...common, by: 'mapping' });
			else if (numberIn(elementsOf(rule)[0]) !== 0) throw unreadable(elementsOf(rule)[0]);
		} else if (rule.name === 'response-condition') {
			const scoring = conditionScoring(rule, response, common);
			if (scoring === 'feedback') singled.push(...singledOut(rule, response));
			else keep(scoring);
		} else throw unreadable(rule);
	}
	if (!found) throw new Unsupported('Its response processing never sets SCORE.');
	return { ...found, singled };
}

function unreadable(element: XmlElement | undefined): Unsupported {
	const name = element?.name ?? 'nothing';
	return new Unsupported(
		`It is marked by rules of its own that are not understood here (${name}).`,
	);
}

interface Branch {
	test: XmlElement | undefined;
	/** The rule that sets SCORE, if one does. */
	sets: XmlElement | undefined;
	others: XmlElement[];
}

function branchesOf(condition: XmlElement): Branch[] {
	return elementsOf(condition).map((branch) => {
		const parts = elementsOf(branch);
		const [first, ...rest] = parts;
		const hasTest = branch.name !== 'response-else';
		const acts = hasTest ? rest : parts;
		const sets = acts.filter(
			(act) => act.name === 'set-outcome-value' && attribute(act, 'identifier') === SCORE,
		);
		if (sets.length > 1) throw unreadable(sets[1]);
		const others = acts.filter((act) => act !== sets[0]);
		const odd = others.find(({ name }) => name !== 'set-outcome-value');
		// A condition inside a condition may set the score in ways that cannot be followed.
		if (odd) throw unreadable(odd);
		return { test: hasTest ? first : undefined, sets: sets[0], others };
	});
}

/** What one condition says about the score, or that it only chooses feedback. */
function conditionScoring(
	condition: XmlElement,
	response: string,
	common: QtiScoring,
): QtiScoring | 'feedback' {
	const branches = branchesOf(condition).map((branch) => {
		const value = elementsOf(branch.sets ?? branch.others[0] ?? condition)[0];
		const maps = branch.sets !== undefined && isMapResponse(value, response);
		const points = branch.sets === undefined || maps ? 0 : numberIn(value);
		if (points === undefined) throw unreadable(value);
		return { ...branch, maps, points };
	});
	if (branches.every(({ sets }) => sets === undefined)) return 'feedback';
	const giving = branches.filter(({ maps, points }) => maps || points > 0);
	const [only, ...more] = giving;
	if (!only) throw new Unsupported('Its response processing never gives a point.');
	if (more.length > 0)
		throw new Unsupported('Several answers earn different points by its own rules.');
	if (only.maps) {
		// if the response is null then 0, else the mapping.
		const guarded = branches.every(
			({ test, maps }) =>
				maps || (test?.name === 'is-null' && isVariable(elementsOf(test)[0], response)),
		);
		if (!guarded) throw unreadable(only.test);
		return { ...common, by: 'mapping' };
	}
	// Earlier branches must not catch the right answer.
	const before = branches.slice(0, branches.indexOf(only));
	const odd = before.find(({ test }) => test?.name !== 'is-null');
	if (odd) throw unreadable(odd.test);
	return { ...common, ...testOf(only.test, response) };
}

/** `match` or `equal` of the response with what is right. */
function testOf(
	test: XmlElement | undefined,
	response: string,
): Pick<QtiScoring, 'value' | 'tolerance'> {
	const inner = test && elementsOf(test);
	if (test && inner && (test.name === 'and' || test.name === 'or') && inner.length === 1) {
		return testOf(inner[0], response);
	}
	if (!test || !inner || !['match', 'equal', 'string-match'].includes(test.name))
		throw unreadable(test);
	const other = inner.find((part) => !isVariable(part, response));
	if (inner.length !== 2 || !inner.some((part) => isVariable(part, response)))
		throw unreadable(test);
	const tolerance = test.name === 'equal' ? toleranceOf(test) : EXACT;
	if (other?.name === 'correct' && attribute(other, 'identifier') === response) {
		return { value: null, tolerance };
	}
	if (other?.name === 'base-value') return { value: textOf(other).trim(), tolerance };
	throw unreadable(other);
}

function toleranceOf(equal: XmlElement): QtiScoring['tolerance'] {
	const mode = attribute(equal, 'tolerance-mode') || 'exact';
	if (mode === 'exact') return EXACT;
	if (mode !== 'absolute' && mode !== 'relative') throw unreadable(equal);
	const [low = Number.NaN, high = low] = attribute(equal, 'tolerance').split(/\s+/).map(Number);
	if (!Number.isFinite(low) || !Number.isFinite(high) || low < 0 || high < 0) {
		throw new Unsupported('The tolerance of its answer is no number.');
	}
	return { mode, low, high };
}

/** Conditions such as: if the response equals 64, then FEEDBACK = trap-1. */
function singledOut(condition: XmlElement, response: string): QtiScoring['singled'] {
	return branchesOf(condition).flatMap(({ test, others }) => {
		const sets = others[0];
		if (!test || !sets || !['match', 'equal'].includes(test.name)) return [];
		const [value] = elementsOf(test, 'base-value');
		if (!value || !elementsOf(test).some((part) => isVariable(part, response))) return [];
		const [identifier] = descendants(sets, ({ name }) => name === 'base-value');
		if (!identifier) return [];
		return [{ value: textOf(value).trim(), identifier: textOf(identifier).trim() }];
	});
}

function isVariable(element: XmlElement | undefined, response: string): boolean {
	return element?.name === 'variable' && attribute(element, 'identifier') === response;
}

function isMapResponse(element: XmlElement | undefined, response: string): boolean {
	return element?.name === 'map-response' && attribute(element, 'identifier') === response;
}

/** A literal number; undefined for everything else. */
function numberIn(element: XmlElement | undefined): number | undefined {
	const text = element?.name === 'base-value' ? textOf(element).trim() : '';
	return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}
