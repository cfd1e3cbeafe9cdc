/** A first-in first-out queue; every operation is amortised constant time, whatever the backlog. */
export class Fifo<T> {
	#items: (T | undefined)[] = [];
	#head = 0;

	push(item: T): void {
		this.#items.push(item);
	}

	shift(): T | undefined {
		const item = this.#items[this.#head];
		if (this.#head >= this.#items.length) return undefined;
		this.#items[this.#head] = undefined;
		this.#head += 1;
		// Compacting only when half is spent keeps the cost of moving items constant per item.
		if (this.#head * 2 >= this.#items.length) {
			this.#items = this.#items.slice(this.#head);
			this.#head = 0;
		}
		return item;
	}
}
