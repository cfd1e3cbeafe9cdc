import type { Micros } from './time.ts';

/** Something that will happen. `run` is taken away when it is cancelled, so the heap need not be searched. */
export interface ScheduledEvent {
	readonly timeUs: Micros;
	readonly sequence: number;
	run: (() => void) | undefined;
}

function before(a: ScheduledEvent, b: ScheduledEvent): boolean {
	return a.timeUs < b.timeUs || (a.timeUs === b.timeUs && a.sequence < b.sequence);
}

/** A binary heap ordered by (time, sequence): equal times run in the order they were scheduled. */
export class EventQueue {
	#heap: ScheduledEvent[] = [];
	#sequence = 0;

	push(timeUs: Micros, run: () => void): ScheduledEvent {
		const event: ScheduledEvent = { timeUs, sequence: this.#sequence++, run };
		const heap = this.#heap;
		let i = heap.length;
		heap.push(event);
		while (i > 0) {
			const parent = (i - 1) >> 1;
			const above = heap[parent] as ScheduledEvent;
			if (!before(event, above)) break;
			heap[i] = above;
			i = parent;
		}
		heap[i] = event;
		return event;
	}

	/** The next event that was not cancelled, left in the queue. */
	peek(): ScheduledEvent | undefined {
		while (this.#heap.length > 0 && this.#heap[0]?.run === undefined) this.#removeTop();
		return this.#heap[0];
	}

	/** Takes the next event that was not cancelled, if it is due by then. */
	pop(untilUs: Micros = Infinity): ScheduledEvent | undefined {
		const top = this.peek();
		if (!top || top.timeUs > untilUs) return undefined;
		this.#removeTop();
		return top;
	}

	#removeTop(): void {
		const heap = this.#heap;
		const last = heap.pop();
		if (heap.length === 0 || last === undefined) return;
		let i = 0;
		for (;;) {
			const left = 2 * i + 1;
			if (left >= heap.length) break;
			const right = left + 1;
			const child =
				right < heap.length && before(heap[right] as ScheduledEvent, heap[left] as ScheduledEvent)
					? right
					: left;
			if (!before(heap[child] as ScheduledEvent, last)) break;
			heap[i] = heap[child] as ScheduledEvent;
			i = child;
		}
		heap[i] = last;
	}
}
