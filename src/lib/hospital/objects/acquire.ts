import type { AcquiredSeries, AcquisitionContext } from './acquisition-context.ts';
import { acquireCtSeries } from './ct-image.ts';
import { acquireDxSeries } from './dx-image.ts';

/**
 * What each modality makes of an order when nobody asks for anything special. Ten slices are enough to
 * scroll through, and keep a simulated working day cheap.
 */
const ACQUISITIONS = {
	CT: (ctx: AcquisitionContext) => acquireCtSeries(ctx, { slices: 10 }),
	DX: acquireDxSeries,
} as const satisfies Record<string, (ctx: AcquisitionContext) => AcquiredSeries>;

/** The modalities that can make images. */
export type AcquiringModality = keyof typeof ACQUISITIONS;

/** Acquires one series: the same context and stream always give the same bytes. */
export function acquire(modality: AcquiringModality, ctx: AcquisitionContext): AcquiredSeries {
	return ACQUISITIONS[modality](ctx);
}
