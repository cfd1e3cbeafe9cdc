import type { Segment } from './packet.ts';

/** What a stream has written and the peer has not acknowledged: first those on their way, then those waiting. */
export class TransmitQueue {
	#segments: Segment[] = [];
	#inFlight = 0;

	get inFlight(): number {
		return this.#inFlight;
	}

	get waiting(): number {
		return this.#segments.length - this.#inFlight;
	}

	get sizeBytes(): number {
		let total = 0;
		for (const segment of this.#segments) total += segment.sizeBytes;
		return total;
	}

	push(segment: Segment): void {
		this.#segments.push(segment);
	}

	/** The first that is waiting. */
	first(): Segment | undefined {
		return this.#segments[this.#inFlight];
	}

	/** The stream offset of what is sent next: everything before it has left. */
	nextOffset(writtenBytes: number): number {
		return this.first()?.offset ?? writtenBytes;
	}

	/** The first that is waiting is on its way. */
	launch(): void {
		this.#inFlight++;
	}

	holds(segment: Segment): boolean {
		return this.#segments[0] === segment || this.#segments.includes(segment);
	}

	/** Everything up to this segment has arrived. */
	acknowledge(segment: Segment): void {
		const count = this.#segments.indexOf(segment) + 1;
		if (count === 1) this.#segments.shift();
		else this.#segments.splice(0, count);
		this.#inFlight = Math.max(0, this.#inFlight - count);
	}

	/** Nothing that is on its way will be acknowledged: all of it waits again. */
	takeBack(): void {
		this.#inFlight = 0;
	}

	clear(): void {
		this.#segments = [];
		this.#inFlight = 0;
	}
}
