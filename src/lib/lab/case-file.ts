import type { Evidence } from './evidence.ts';
import type { Scenario } from './scenario-schema.ts';

/** Everything a judge gets: the evidence and the scenario it is judged by. */
export interface CaseFile extends Evidence {
	scenario: Scenario;
}
