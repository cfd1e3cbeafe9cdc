import { expect, test } from 'vitest';
import { Kernel } from './kernel.ts';
import {
	Interrupted,
	Mailbox,
	Signal,
	race,
	wait,
	type Process,
	type Waitable,
} from './process.ts';

const kernelOf = (): Kernel => new Kernel({ seed: 'test' });

test('processes take turns at the times they asked for', () => {
	const kernel = kernelOf();
	const log: string[] = [];
	function* ticker(name: string, everyUs: number): Process {
		for (let i = 0; i < 3; i++) {
			yield* kernel.sleep(everyUs);
			log.push(`${name}${kernel.nowUs}`);
		}
	}
	kernel.spawn('a', ticker('a', 20));
	kernel.spawn('b', ticker('b', 30));
	kernel.runUntil(1_000);
	// At 60 both are due: b asked first, at 30.
	expect(log).toEqual(['a20', 'b30', 'a40', 'b60', 'a60', 'b90']);
});

test('a task hands its result to everyone who waits, early or late', () => {
	const kernel = kernelOf();
	const task = kernel.spawn('worker', work());
	function* work(): Process<number> {
		yield* kernel.sleep(5);
		return 42;
	}
	const seen: [number, number][] = [];
	function* watcher(delayUs: number): Process {
		yield* kernel.sleep(delayUs);
		seen.push([yield* wait(task), kernel.nowUs]);
	}
	kernel.spawn('early', watcher(0));
	kernel.spawn('late', watcher(9));
	kernel.runUntil(100);
	expect(seen).toEqual([
		[42, 5],
		[42, 9],
	]);
	expect(task.running).toBe(false);
});

test('an error goes to who waits for the task, and otherwise ends the run', () => {
	const kernel = kernelOf();
	function* fails(): Process {
		yield* kernel.sleep(5);
		throw new Error('broken');
	}
	const watched = kernel.spawn('watched', fails());
	let caught: unknown;
	kernel.spawn('watcher', watch());
	function* watch(): Process {
		try {
			yield* wait(watched);
		} catch (error) {
			caught = error;
		}
	}
	kernel.runUntil(10);
	expect(String(caught)).toBe('Error: broken');
	kernel.spawn('unwatched', fails());
	expect(() => kernel.runUntil(20)).toThrow('broken');
	// The failure was told once; the run could go on.
	expect(kernel.runUntil(30)).toBe(true);
});

test('an interrupt arrives at the present wait, and the old wait is over', () => {
	const kernel = kernelOf();
	const log: string[] = [];
	const task = kernel.spawn('sleeper', sleeper());
	function* sleeper(): Process {
		try {
			yield* kernel.sleep(100);
		} catch (error) {
			log.push(error instanceof Interrupted ? `${error.reason} at ${kernel.nowUs}` : 'other');
		}
		yield* kernel.sleep(200);
		log.push(`woke at ${kernel.nowUs}`);
	}
	kernel.after(30, () => task.interrupt('pager'));
	kernel.runUntil(1_000);
	expect(log).toEqual(['pager at 30', 'woke at 230']);
	task.interrupt('too late');
});

test('a wait that answers although it was taken back is not listened to', () => {
	const kernel = kernelOf();
	const answers: ((value: string) => void)[] = [];
	const stubborn: Waitable<string> = {
		subscribe(resume) {
			answers.push((value) => resume({ ok: true, value }));
			return () => undefined;
		},
	};
	const log: string[] = [];
	const task = kernel.spawn('waiter', waiter());
	function* waiter(): Process {
		try {
			yield* wait(stubborn);
		} catch {
			log.push('interrupted');
		}
		log.push(yield* wait(stubborn));
	}
	kernel.runUntil(1);
	task.interrupt('now');
	answers[0]?.('stale');
	expect(log).toEqual(['interrupted']);
	answers[1]?.('fresh');
	answers[1]?.('twice');
	expect(log).toEqual(['interrupted', 'fresh']);
	expect(task.running).toBe(false);
});

test('killing runs the finally blocks, and who waited learns of it', () => {
	const kernel = kernelOf();
	const log: string[] = [];
	const task = kernel.spawn('victim', victim());
	function* inner(): Process {
		try {
			yield* kernel.sleep(100);
		} finally {
			log.push('inner');
		}
	}
	function* victim(): Process {
		try {
			yield* inner();
			log.push('never');
		} finally {
			log.push('outer');
			yield* kernel.sleep(1);
			log.push('not honoured');
		}
	}
	kernel.spawn('watcher', watch());
	function* watch(): Process {
		try {
			yield* wait(task);
		} catch (error) {
			log.push(String(error));
		}
	}
	kernel.after(10, () => task.kill());
	kernel.runUntil(1_000);
	expect(log).toEqual(['inner', 'outer', 'Interrupted: interrupted: victim was killed']);
});

test('a process killed before its first step never runs', () => {
	const kernel = kernelOf();
	let ran = false;
	const task = kernel.spawn('stillborn', body());
	function* body(): Process {
		ran = true;
		yield* kernel.sleep(1);
	}
	task.kill();
	kernel.runUntil(10);
	expect([ran, task.running]).toEqual([false, false]);
});

test('a process cannot kill itself half-way: it goes on to its next wait', () => {
	const kernel = kernelOf();
	const log: string[] = [];
	const task = kernel.spawn('self', self());
	function* self(): Process {
		yield* kernel.sleep(1);
		task.kill();
		log.push('went on');
	}
	kernel.runUntil(10);
	expect(log).toEqual(['went on']);
});

test('the first of a race wins, and the losers are taken back', () => {
	const kernel = kernelOf();
	const box = new Mailbox<string>();
	const log: unknown[] = [];
	kernel.spawn('racer', racer());
	function* racer(): Process {
		log.push(yield* wait(race({ mail: box.take(), timeout: kernel.timeout(10) })));
		log.push(yield* wait(race({ mail: box.take(), timeout: kernel.timeout(10) })));
	}
	kernel.after(15, () => box.put('letter'));
	kernel.runUntil(100);
	expect(log).toEqual([
		{ winner: 'timeout', value: undefined },
		{ winner: 'mail', value: 'letter' },
	]);
	// A loser that still waited would have taken this one.
	box.put('kept');
	expect(box.length).toBe(1);
	expect(kernel.nextEventUs).toBeUndefined();
});

test('in a race of what is there already the first named wins, and nothing else is touched', () => {
	const kernel = kernelOf();
	const first = new Mailbox<number>();
	const second = new Mailbox<number>();
	first.put(1);
	second.put(2);
	let won: unknown;
	kernel.spawn('racer', racer());
	function* racer(): Process {
		won = yield* wait(race({ first: first.take(), second: second.take() }));
	}
	kernel.runUntil(1);
	expect(won).toEqual({ winner: 'first', value: 1 });
	expect([first.length, second.length]).toEqual([0, 1]);
});

test('a race fails with the first error', () => {
	const kernel = kernelOf();
	const failing = kernel.spawn('failing', fail());
	function* fail(): Process {
		yield* kernel.sleep(3);
		throw new Error('lost');
	}
	kernel.spawn('racer', racer());
	function* racer(): Process {
		yield* wait(race({ failing, timeout: kernel.timeout(10) }));
	}
	expect(() => kernel.runUntil(20)).toThrow('lost');
});

test('a signal fires once, for those waiting and those to come', () => {
	const kernel = kernelOf();
	const signal = new Signal<string>();
	const log: string[] = [];
	function* listen(name: string, delayUs: number): Process {
		yield* kernel.sleep(delayUs);
		log.push(`${name} ${yield* wait(signal)} ${kernel.nowUs}`);
	}
	kernel.spawn('a', listen('a', 0));
	kernel.spawn('b', listen('b', 20));
	const gone = kernel.spawn('c', listen('c', 0));
	kernel.after(5, () => gone.kill());
	kernel.after(10, () => {
		signal.fire('first');
		signal.fire('second');
	});
	kernel.runUntil(100);
	expect(log).toEqual(['a first 10', 'b first 20']);
	expect(signal.fired).toBe(true);
});

test('a mailbox gives each value to one taker, in order on both sides', () => {
	const kernel = kernelOf();
	const box = new Mailbox<number>();
	const log: string[] = [];
	function* taker(name: string): Process {
		for (;;) log.push(`${name}${yield* wait(box.take())}`);
	}
	box.put(0);
	kernel.spawn('a', taker('a'));
	kernel.spawn('b', taker('b'));
	kernel.after(1, () => [1, 2, 3].forEach((n) => box.put(n)));
	kernel.runUntil(10);
	// The first taker had its value at once and asked again before the second came.
	expect(log).toEqual(['a0', 'a1', 'b2', 'a3']);
});

test('waits already satisfied do not grow the stack', () => {
	const kernel = kernelOf();
	const box = new Mailbox<number>();
	for (let i = 0; i < 100_000; i++) box.put(i);
	let sum = 0;
	kernel.spawn('eater', eat());
	function* eat(): Process {
		for (let i = 0; i < 100_000; i++) sum += yield* wait(box.take());
	}
	kernel.runUntil(1);
	expect(sum).toBe((100_000 * 99_999) / 2);
});
