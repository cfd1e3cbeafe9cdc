import type { z } from 'zod';
import { formatIsoLocal } from '#lib/kernel/time.ts';
import type { Process } from '#lib/kernel/process.ts';
import type { ConsoleView, FieldValue, FieldView, TableView, Tone } from './console-view.ts';
import type { Device, DeviceEnvironment } from './device.ts';

/**
 * The declaration of a device kind: one file in `devices/` exports one of these. Consoles, the configuration
 * that checks compare, and the reference pages are derived from it.
 */
export interface DeviceDefinition<C = unknown, D extends Device = Device> {
	kind: string;
	title: string;
	/** One line for the reference page. */
	doc: string;
	config: z.ZodType<C>;
	/** The ports it listens on with this configuration; none for most kinds of infrastructure. */
	listens?(config: C): ListeningPort[];
	create(environment: DeviceEnvironment, config: C): D;
	console: ConsoleDeclaration<D>;
}

/** A port that a device answers on. */
export interface ListeningPort {
	/** What is spoken there, in the field's words: `DICOM`, `DICOM TLS`, `HL7 MLLP`, `DICOMweb`. */
	service: string;
	port: number;
	/** For DICOM: the AE title that answers. */
	aeTitle?: string;
}

export interface ConsoleDeclaration<D extends Device> {
	status(device: D): ConsoleView['status'];
	settings: SettingDeclaration<D>[];
	tables: TableDeclaration<D>[];
	operations: OperationDeclaration<D>[];
}

export interface SettingDeclaration<D extends Device> extends Omit<FieldView, 'choices'> {
	group: string;
	minutes: number;
	choices?: (device: D) => { value: string; label: string }[];
	read(device: D): FieldValue;
	/** Refuses with a sentence that says what to do, or changes the setting and returns undefined. */
	write(device: D, value: FieldValue): string | undefined;
}

export interface TableDeclaration<D extends Device> {
	id: string;
	title: string;
	columns: TableView['columns'];
	emptyText: string;
	/** True when the rows are settings, compared against the healthy hospital. */
	configuration?: boolean;
	rows(device: D): { id: string; cells: Record<string, string>; tone?: Tone }[];
}

/** What an operation did: what the screen says, and the canonical facts it showed. */
export interface OperationResult {
	text: string;
	facts?: string[];
	traffic?: { path: string[]; ended: 'answered' | 'refused' | 'lost' }[];
	refused?: boolean;
}

export interface OperationDeclaration<D extends Device> {
	id: string;
	label: string;
	help?: string;
	minutes: number;
	/** The operation itself takes its minutes; otherwise they pass before it. */
	takesItsTime?: true;
	/** What it does to the hospital: nothing (it only shows), everyday work, or a change. */
	effect: 'none' | 'work' | 'change';
	table?: string;
	fields?: (FieldView & { required: boolean; initial?: FieldValue })[];
	confirm?: string;
	run(
		device: D,
		input: { row: string | undefined; fields: Record<string, FieldValue> },
	): Process<OperationResult>;
}

/** Declares a device kind; only gives the parts their common types. */
export function defineDevice<C, D extends Device>(
	definition: DeviceDefinition<C, D>,
): DeviceDefinition<C, D> {
	return definition;
}

/** The newest rows that a screen shows of a long table. */
const TABLE_ROWS_MAX = 60;

/** The console as a person sees it now. */
export function viewConsole(device: Device, definition: DeviceDefinition): ConsoleView {
	const { console } = definition;
	return {
		device: device.id,
		title: device.title,
		role: definition.title,
		host: device.host.id,
		address: device.host.nics[0]?.address ?? '',
		reach: device.reach,
		deviceTime: formatIsoLocal(device.os.clockUs()).replace('T', ' '),
		status: console.status(device),
		settings: console.settings.map(({ read, write: _write, choices, ...field }) => ({
			...field,
			...(choices ? { choices: choices(device) } : {}),
			value: read(device),
		})),
		tables: console.tables.map(({ rows, configuration: _configuration, ...table }) => {
			const all = rows(device);
			return { ...table, rows: all.slice(0, TABLE_ROWS_MAX), totalRows: all.length };
		}),
		operations: console.operations.map(
			({ run: _run, effect: _effect, takesItsTime: _own, fields, ...operation }) => ({
				...operation,
				fields: fields ?? [],
			}),
		),
	};
}

/**
 * Everything about a device that a person can set, flat: `setting` or `table/row` to its value in text.
 * Two healthy hospitals of one file have equal configurations.
 */
export function configurationOf(
	device: Device,
	console: ConsoleDeclaration<Device>,
): Map<string, string> {
	const out = new Map<string, string>();
	for (const setting of console.settings) out.set(setting.id, String(setting.read(device)));
	for (const table of console.tables) {
		if (!table.configuration) continue;
		for (const row of table.rows(device)) {
			const cells = Object.keys(row.cells)
				.sort()
				.map((column) => `${column}=${row.cells[column] ?? ''}`);
			out.set(`${table.id}/${row.id}`, cells.join('; '));
		}
	}
	return out;
}

/** Checks a value against a field's declaration; a sentence when it does not fit. */
export function fieldProblem(field: FieldView, value: FieldValue): string | undefined {
	switch (field.kind) {
		case 'boolean':
			return typeof value === 'boolean' ? undefined : `${field.label} is either on or off.`;
		case 'integer': {
			if (typeof value !== 'number' || !Number.isInteger(value)) {
				return `${field.label} must be a whole number.`;
			}
			const low = field.minimum ?? -Infinity;
			const high = field.maximum ?? Infinity;
			return value >= low && value <= high
				? undefined
				: `${field.label} must be between ${low} and ${high}.`;
		}
		case 'choice':
			return field.choices?.some((choice) => choice.value === value)
				? undefined
				: `${field.label}: choose one of the values offered.`;
		case 'text':
			if (typeof value !== 'string' || value.trim() === '')
				return `${field.label} must not be empty.`;
			return value.length <= (field.maximumLength ?? 256)
				? undefined
				: `${field.label} may have ${field.maximumLength ?? 256} characters at most.`;
	}
}

/** Changes one setting after checking it, and records the change; a sentence when it is refused. */
export function applyConfigChange(
	device: Device,
	console: ConsoleDeclaration<Device>,
	settingId: string,
	value: FieldValue,
): string | undefined {
	const setting = console.settings.find((s) => s.id === settingId);
	if (!setting) return `${device.title} has no setting "${settingId}".`;
	const { choices, ...field } = setting;
	const problem = fieldProblem(choices ? { ...field, choices: choices(device) } : field, value);
	if (problem) return problem;
	const before = setting.read(device);
	const refusal = setting.write(device, value);
	if (refusal) return refusal;
	device.world.kernel.record('setting-changed', {
		device: device.id,
		setting: settingId,
		before,
		after: setting.read(device),
	});
	return undefined;
}
