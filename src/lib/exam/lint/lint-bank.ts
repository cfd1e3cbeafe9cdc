import type { Problem } from '#lib/authored/yaml-source.ts';
import type { Instance } from '../item/instance.ts';
import type { Item } from '../item/item-schema.ts';
import { makeInstance } from '../item/make-instance.ts';
import { BANK_RULES } from './bank-rules.ts';
import { FIELD_RULES } from './field-rules.ts';
import { GENERATOR_RULES } from './generator-rules.ts';
import { GRAPH_RULES } from './graph-rules.ts';
import { KEY_RULES } from './key-rules.ts';
import { OPTION_RULES } from './option-rules.ts';
import type { Finding, ItemRule, LintContext } from './rule.ts';
import { STEM_RULES } from './stem-rules.ts';
import { WORDING_RULES } from './wording-rules.ts';

/** The rules about single items. */
export const ITEM_RULES: readonly ItemRule[] = [
	...KEY_RULES,
	...WORDING_RULES,
	...GRAPH_RULES,
	...FIELD_RULES,
	...GENERATOR_RULES,
	...OPTION_RULES,
	...STEM_RULES,
];

export interface LintRequest extends Omit<LintContext, 'instance'> {
	/** Whether an item is to be looked at; rules of the whole bank run only when all are. */
	wanted?: ((origin: string) => boolean) | undefined;
	/** Ids of rules to leave out. */
	without?: ReadonlySet<string>;
}

/** The broken rules of a bank, in the order of files and places. Files that could not be read are not among them. */
export function lintBank({ wanted, without, ...request }: LintRequest): Finding[] {
	const { bank, origins } = request;
	const context: LintContext = { ...request, instance: rememberedInstance(request.makeExhibit) };
	const findings: Finding[] = [];
	for (const [id, item] of bank.items) {
		const origin = origins.get(id);
		if (!origin || wanted?.(origin.path) === false) continue;
		for (const rule of ITEM_RULES) {
			if (without?.has(rule.id)) continue;
			for (const { keys, message } of rule.check(item, context)) {
				findings.push(finding(rule.id, origin.problem(keys, message)));
			}
		}
	}
	findings.sort(byPlace);
	if (!wanted) findings.push(...bankFindings(context, without));
	return findings;
}

function bankFindings(context: LintContext, without: ReadonlySet<string> | undefined): Finding[] {
	return BANK_RULES.filter(({ id }) => !without?.has(id)).flatMap(({ id, check }) =>
		[...check(context)].map(({ message, item, mild }) => {
			const origin = item === undefined ? undefined : context.origins.get(item);
			const problem = origin?.problem([], message) ?? {
				path: 'banks',
				line: 1,
				column: 1,
				message,
			};
			return { ...finding(id, problem), severity: mild ? 'warning' : 'error' } as const;
		}),
	);
}

function finding(rule: string, problem: Problem): Finding {
	return { ...problem, rule, severity: rule.startsWith('W') ? 'warning' : 'error' };
}

function byPlace(a: Problem, b: Problem): number {
	if (a.path !== b.path) return a.path < b.path ? -1 : 1;
	return a.line - b.line || a.column - b.column;
}

function rememberedInstance(makeExhibit: LintContext['makeExhibit']): LintContext['instance'] {
	const made = new Map<string, Instance | undefined>();
	return (item: Item) => {
		if (!made.has(item.id)) {
			const result = makeInstance(item, 'lint', makeExhibit);
			made.set(item.id, 'instance' in result ? result.instance : undefined);
		}
		return made.get(item.id);
	};
}
