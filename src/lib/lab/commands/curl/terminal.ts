/**
 * The two outputs of a program on one terminal. What goes to standard error is shown at once; standard output
 * is shown line by line, so that its last line without a line break comes at the very end.
 */
export class Terminal {
	#shown = '';
	#unfinished = '';

	error(text: string): void {
		this.#shown += text;
	}

	output(text: string): void {
		const all = this.#unfinished + text;
		const end = all.lastIndexOf('\n') + 1;
		this.#shown += all.slice(0, end);
		this.#unfinished = all.slice(end);
	}

	/** All of it, without the line break at the end. */
	get text(): string {
		return (this.#shown + this.#unfinished).replace(/\n$/, '');
	}
}
