import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue, type ScheduledEvent } from './event-queue.ts';

const nothing = (): void => undefined;

/** What is done to the queue, and to a plain list that is searched for the smallest. */
const step = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ push: fc.integer({ min: 0, max: 20 }) }) },
	{ weight: 1, arbitrary: fc.record({ cancel: fc.nat() }) },
	{ weight: 2, arbitrary: fc.record({ popUntil: fc.integer({ min: 0, max: 25 }) }) },
	{ weight: 1, arbitrary: fc.constant({ peek: true }) },
);

function earliest(events: ScheduledEvent[]): ScheduledEvent | undefined {
	return events.reduce<ScheduledEvent | undefined>(
		(best, event) =>
			!best ||
			event.timeUs < best.timeUs ||
			(event.timeUs === best.timeUs && event.sequence < best.sequence)
				? event
				: best,
		undefined,
	);
}

test('any interleaving of pushes, cancels and pops comes out by time, then by order of pushing', () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
			const queue = new EventQueue();
			let model: ScheduledEvent[] = [];
			for (const one of steps) {
				if ('push' in one) model.push(queue.push(one.push, nothing));
				else if ('cancel' in one) {
					const victim = model[one.cancel % Math.max(1, model.length)];
					if (victim) victim.run = undefined;
					model = model.filter((event) => event !== victim);
				} else if ('peek' in one) expect(queue.peek()).toBe(earliest(model));
				else {
					const first = earliest(model);
					const due = first && first.timeUs <= one.popUntil ? first : undefined;
					expect(queue.pop(one.popUntil)).toBe(due);
					model = model.filter((event) => event !== due);
				}
			}
			while (model.length > 0) {
				const first = earliest(model);
				expect(queue.pop()).toBe(first);
				model = model.filter((event) => event !== first);
			}
			expect(queue.pop()).toBeUndefined();
		}),
		{ numRuns: 500 },
	);
});
