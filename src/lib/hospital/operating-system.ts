import type { Kernel } from '#lib/kernel/kernel.ts';
import { formatIsoLocal, type Micros } from '#lib/kernel/time.ts';

/** A file system of a host as `df` shows it. Sizes are in bytes. */
export interface Volume {
	id: string;
	device: string;
	mount: string;
	sizeBytes: number;
	usedBytes: number;
}

/** Something the host's service manager starts and stops. */
export interface Service {
	readonly name: string;
	readonly title: string;
	readonly state: 'running' | 'stopped';
	/** Since when it has been in that state. */
	readonly sinceUs: Micros;
	start(): void;
	stop(): void;
}

/** How many lines a log file keeps; older ones are rotated away. */
const LOG_LINES_MAX = 4_000;

/** One log file of a host: text lines as that program writes them, stamped by the host's own clock. */
export class LogFile {
	readonly path: string;
	#lines: string[] = [];

	constructor(path: string) {
		this.path = path;
	}

	append(line: string): void {
		this.#lines.push(line);
		if (this.#lines.length > LOG_LINES_MAX) this.#lines.splice(0, LOG_LINES_MAX / 4);
	}

	get lines(): readonly string[] {
		return this.#lines;
	}
}

/** What an operating system knows beyond the network: its clock, volumes, services and files. */
export class OperatingSystem {
	readonly hostId: string;
	readonly volumes: Volume[];
	readonly services = new Map<string, Service>();
	readonly logs = new Map<string, LogFile>();
	/** Files that people or commands left there; the content is shared, never changed in place. */
	readonly files = new Map<string, Uint8Array>();
	/** How far this host's clock is ahead of true time. */
	clockOffsetUs: Micros;
	#kernel: Kernel;
	#epochUs: Micros;

	constructor(
		kernel: Kernel,
		options: { hostId: string; epochUs: Micros; clockOffsetUs: Micros; volumes: Volume[] },
	) {
		this.#kernel = kernel;
		this.#epochUs = options.epochUs;
		this.hostId = options.hostId;
		this.clockOffsetUs = options.clockOffsetUs;
		this.volumes = options.volumes;
	}

	/** The host's own idea of the time, in µs since 1970. */
	clockUs(): Micros {
		return this.#epochUs + this.#kernel.nowUs + this.clockOffsetUs;
	}

	log(path: string): LogFile {
		let file = this.logs.get(path);
		if (!file) this.logs.set(path, (file = new LogFile(path)));
		return file;
	}

	/** `2026-03-09 07:40:12.123`, the stamp most of the simulated products use. */
	logStamp(): string {
		const us = this.clockUs();
		const millis = String(Math.floor(us / 1_000) % 1_000).padStart(3, '0');
		return `${formatIsoLocal(us).replace('T', ' ')}.${millis}`;
	}

	/** Takes space on a volume; false, and nothing taken, when it does not fit. */
	allocate(volumeId: string, sizeBytes: number): boolean {
		const volume = this.volumes.find((v) => v.id === volumeId);
		if (!volume || volume.usedBytes + sizeBytes > volume.sizeBytes) return false;
		volume.usedBytes += sizeBytes;
		return true;
	}
}
