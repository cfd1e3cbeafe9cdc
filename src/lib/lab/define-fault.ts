import type { z } from 'zod';
import type { World } from '#lib/hospital/world.ts';

/** The layers an administrator works through, from the plug to the workflow. */
export const LAYERS = [
	{ id: 'network', title: 'Network (link, address, route, firewall, name)' },
	{ id: 'transport', title: 'Transport and service (port, process)' },
	{ id: 'security', title: 'TLS (certificates, trust, versions)' },
	{ id: 'association', title: 'DICOM association (AE titles, limits, contexts)' },
	{ id: 'service', title: 'DICOM service (status codes, query, worklist)' },
	{ id: 'storage', title: 'Storage (volumes, retention)' },
	{ id: 'time', title: 'Time' },
] as const;

export type LayerId = (typeof LAYERS)[number]['id'];

/**
 * The declaration of a fault kind: one file in `faults/` exports one of these. The diagnosis vocabulary,
 * the schema of scenario files and the reference pages are derived from it.
 */
export interface FaultDefinition<P = unknown> {
	kind: string;
	title: string;
	/** One line for authors. */
	doc: string;
	/** What a diagnosis calls it; several kinds may share a mechanism. */
	mechanism: { id: string; title: string; layer: LayerId };
	parameters: z.ZodType<P>;
	/** The device or host that is really broken. */
	component(parameters: P): string;
	/** Ids of devices or hosts the parameters refer to, checked when a scenario is loaded. */
	refersTo(parameters: P): string[];
	/** Changes the world. Deterministic; chance only from `world.kernel.random('fault.<kind>')`. */
	inject(world: World, parameters: P): void;
	/** Whether it is still there, however the trainee may have cured it. */
	present(world: World, parameters: P): boolean;
	/** One sentence for the debrief. */
	describe(parameters: P): string;
}

/** Declares a fault kind; only gives the parts their common types. */
export function defineFault<P>(definition: FaultDefinition<P>): FaultDefinition<P> {
	return definition;
}
