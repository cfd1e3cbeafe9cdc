import type { Reach } from '#lib/hospital/console-view.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { Action } from './action.ts';
import type { Observation } from './observation.ts';

/**
 * Everything the browser may know of an open attempt, as plain data. It is built from what the trainee was
 * told and did; nothing in it depends on which fault is present beyond what observations have shown.
 */
export interface WorkbenchView {
	scenario: {
		id: string;
		version: number;
		title: string;
		level: number;
		minutes: number;
		hospitalTitle: string;
	};
	status: 'open' | 'closed';
	clock: {
		nowUs: Micros;
		/** `2026-03-09T07:40:00`, the hospital's true time. */ wallTime: string;
	};
	ticket: {
		number: string;
		from: string;
		fromRole: string;
		priority: 'routine' | 'urgent' | 'stat';
		openedAt: string;
		/** Markdown without HTML. */
		text: string;
		/** Those who wait and want to be told. */
		informed: { person: string; name: string; at: string; text: string }[];
	};
	map: {
		networks: { id: string; title: string; cidr: string }[];
		nodes: {
			/** Host id. */
			id: string;
			title: string;
			role: string;
			networks: string[];
			address: string;
			/** Devices with a console on this host. */
			devices: { id: string; title: string; reach: Reach; minutesAway: number }[];
			shell: boolean;
			/** Position on the map in a grid of 1 unit = one node width; authored in the hospital file. */
			x: number;
			y: number;
		}[];
		links: { from: string; to: string; network: string }[];
	};
	/** Where commands can be typed: the desk first. */
	shells: { host: string; title: string; prompt: string }[];
	people: {
		id: string;
		name: string;
		role: string;
		/** True when the person waits for the outcome of this ticket. */
		waiting: boolean;
		topics: { id: string; label: string }[];
	}[];
	/** The words a diagnosis is made of, the same for every ticket of this hospital. */
	vocabulary: {
		components: { id: string; title: string }[];
		layers: { id: string; title: string }[];
		mechanisms: { id: string; title: string; layer: string }[];
	};
	commands: { name: string; synopsis: string; summary: string }[];
	hints: { taken: string[]; left: number; costPercentNext: number };
	/** Files on the desk that can be downloaded. */
	files: { path: string; sizeBytes: number }[];
	history: { sequence: number; action: Action; observation: Observation }[];
}
