import type { Process } from '#lib/kernel/process.ts';
import { formatIsoLocal, minutes, type Micros } from '#lib/kernel/time.ts';
import { Device } from '#lib/hospital/device.ts';
import type { Service } from '#lib/hospital/operating-system.ts';
import { defineCommand, type CommandContext, type CommandResult } from '../define-command.ts';
import { complaint } from './peers.ts';

const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] as const;
const DAY_US = minutes(24 * 60);
/** The last lines of its log that `status` shows. */
const LOG_LINES = 5;
const NOT_RUNNING = 3;
const NO_SUCH_UNIT = 4;

export const systemctl = defineCommand({
	name: 'systemctl',
	synopsis: 'systemctl [list-units] | systemctl status|start|stop|restart unit',
	summary: 'show, start, stop and restart the services of this machine',
	details: [
		'A restart interrupts everybody who uses the service, for as long as it takes to come up again.',
		'Look first (status, ss -tln, the log); restarting destroys the evidence.',
	].join('\n'),
	*run(context, args) {
		const [verb = 'list-units', unit] = args.filter((argument) => !argument.startsWith('-'));
		if (verb === 'list-units' || verb === 'list-unit-files') return listUnits(context);
		if (!VERBS.has(verb)) return complaint(`Unknown command verb ${verb}.`);
		if (unit === undefined) return complaint('Too few arguments.');
		const name = unit.replace(/\.service$/, '');
		const service = context.os.services.get(name);
		if (!service) {
			const text =
				verb === 'status'
					? `Unit ${name}.service could not be found.`
					: `Failed to ${verb} ${name}.service: Unit ${name}.service not found.`;
			return complaint(text, verb === 'status' ? NO_SUCH_UNIT : 5);
		}
		if (verb === 'is-active') {
			const active = service.state === 'running';
			const facts = [stateFact(context, service)];
			return { text: active ? 'active' : 'inactive', exitCode: active ? 0 : NOT_RUNNING, facts };
		}
		if (verb === 'status') return status(context, service);
		return yield* change(context, service, verb);
	},
});

const VERBS = new Set(['status', 'is-active', 'start', 'stop', 'restart']);

function stateFact(context: CommandContext, service: Service): string {
	return `service ${service.name} on ${context.host.id}: ${service.state}`;
}

function listUnits(context: CommandContext): CommandResult {
	const services = [...context.os.services.values()];
	const width = Math.max(4, ...services.map((service) => service.name.length + '.service'.length));
	const rows = services.map((service) => {
		const [active, sub] =
			service.state === 'running' ? ['active', 'running'] : ['inactive', 'dead'];
		return `  ${`${service.name}.service`.padEnd(width)} loaded ${active.padEnd(8)} ${sub.padEnd(7)} ${service.title}`;
	});
	return {
		text: [
			`  ${'UNIT'.padEnd(width)} LOAD   ${'ACTIVE'.padEnd(8)} ${'SUB'.padEnd(7)} DESCRIPTION`,
			...rows,
			'',
			`${services.length} loaded units listed.`,
		].join('\n'),
		exitCode: 0,
		facts: services.map((service) => stateFact(context, service)),
	};
}

function status(context: CommandContext, service: Service): CommandResult {
	const running = service.state === 'running';
	const sinceUs = context.world.epochUs + context.os.clockOffsetUs + service.sinceUs;
	const weekday = WEEKDAYS[Math.floor(sinceUs / DAY_US) % 7] ?? '';
	const since = `${weekday} ${formatIsoLocal(sinceUs).replace('T', ' ')}`;
	const ago = ageText(context.world.kernel.nowUs - service.sinceUs);
	const log = service instanceof Device ? service.logFile.lines.slice(-LOG_LINES) : [];
	const lines = [
		`${running ? '●' : '○'} ${service.name}.service - ${service.title}`,
		`     Loaded: loaded (/etc/systemd/system/${service.name}.service; enabled)`,
		`     Active: ${running ? 'active (running)' : 'inactive (dead)'} since ${since}; ${ago} ago`,
	];
	if (log.length > 0) lines.push('', ...log);
	return {
		text: lines.join('\n'),
		exitCode: running ? 0 : NOT_RUNNING,
		facts: [stateFact(context, service)],
	};
}

function ageText(us: Micros): string {
	const total = Math.floor(us / 1_000_000);
	const [h, m, s] = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
	if (h > 0) return m > 0 ? `${h}h ${m}min` : `${h}h`;
	if (m > 0) return `${m}min ${s}s`;
	return `${s}s`;
}

/**
 * A device's own restart operation is what its console would do: it takes as long, and leaves the same
 * trace and log. Starting takes what a restart takes, because coming up is what takes the time.
 */
function* change(context: CommandContext, service: Service, verb: string): Process<CommandResult> {
	const { world } = context;
	const done = { text: '', exitCode: 0, changed: true };
	if (verb === 'stop') {
		service.stop();
		record(context, service, verb);
		return done;
	}
	if (verb === 'start' && service.state === 'running') return { text: '', exitCode: 0 };
	const restart = service instanceof Device ? world.operation(service, 'restart') : undefined;
	if (restart && service instanceof Device) {
		const result = yield* world.operate(service, restart, { row: undefined, fields: {} });
		if (result.refused) return complaint(`Job for ${service.name}.service failed: ${result.text}`);
		return { ...done, ...(result.facts ? { facts: result.facts } : {}) };
	}
	service.stop();
	service.start();
	record(context, service, verb);
	return done;
}

/** As a console operation is recorded, for services that have none of that name. */
function record(context: CommandContext, service: Service, operation: string): void {
	context.world.kernel.record('operation-performed', {
		device: service.name,
		operation,
		row: undefined,
		fields: {},
		refused: false,
	});
}
