/**
 * What a person sees on a device's screen, as plain data: the workbench renders any device from this,
 * and a new device kind needs no new component. Devices declare it in `define-device.ts`.
 */

/** How the trainee gets at a device: from the desk, by walking there, or through the people who own it. */
export type Reach = 'remote' | 'walk' | 'request';

export type Tone = 'good' | 'warning' | 'bad' | 'neutral';

/** A typed input, used for settings and for the fields of an operation. */
export interface FieldView {
	id: string;
	label: string;
	kind: 'text' | 'integer' | 'boolean' | 'choice';
	choices?: { value: string; label: string }[];
	help?: string;
	/** For text. */
	maximumLength?: number;
	/** For integers. */
	minimum?: number;
	maximum?: number;
}

export type FieldValue = string | number | boolean;

export interface SettingView extends FieldView {
	group: string;
	value: FieldValue;
	/** Virtual minutes a change costs, beyond getting there. */
	minutes: number;
}

export interface TableView {
	id: string;
	title: string;
	columns: { id: string; label: string; align?: 'end'; mono?: boolean }[];
	rows: { id: string; cells: Record<string, string>; tone?: Tone }[];
	/** Shown instead of rows when there are none. */
	emptyText: string;
	/** How many rows exist when `rows` was cut to the newest. */
	totalRows: number;
}

export interface OperationView {
	id: string;
	label: string;
	help?: string;
	minutes: number;
	/** The table whose rows it acts on; absent for an operation on the device as a whole. */
	table?: string;
	fields: (FieldView & { required: boolean; initial?: FieldValue })[];
	/** A question to ask before doing it, for acts that cannot be taken back or interrupt people. */
	confirm?: string;
}

export interface ConsoleView {
	device: string;
	title: string;
	/** Device kind in words, for example "Archive". */
	role: string;
	host: string;
	address: string;
	reach: Reach;
	/** The device's own clock when it was looked at, as its screen shows it. */
	deviceTime: string;
	status: { label: string; value: string; tone: Tone }[];
	settings: SettingView[];
	tables: TableView[];
	operations: OperationView[];
}
