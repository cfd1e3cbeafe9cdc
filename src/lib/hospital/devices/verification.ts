import type { Process } from '#lib/kernel/process.ts';
import type { OperationResult } from '../define-device.ts';
import type { Device } from '../device.ts';
import {
	echo,
	failureFact,
	failureText,
	type EchoOutcome,
	type ImplementationIdentity,
} from '../dicom/service-class-user.ts';

/** Whom a device's "DICOM verification" button addresses. */
export interface VerificationTarget {
	/** The device's own name for the peer, for example `archive`. */
	label: string;
	host: string;
	port: number;
	calledAeTitle: string;
	callingAeTitle: string;
	implementation: ImplementationIdentity;
}

/** A C-ECHO from a device's console, with what its screen shows. */
export function* verify(device: Device, target: VerificationTarget): Process<OperationResult> {
	const outcome = yield* echo(device.world, device.host, target, device);
	const shown = describe(outcome);
	const address = `${target.calledAeTitle} at ${target.host}:${target.port}`;
	device.log(shown.ok ? 'INFO' : 'WARN', `verification of ${address}: ${shown.text}`);
	device.world.kernel.record('verified', {
		device: device.id,
		peer: target.label,
		called: target.calledAeTitle,
		ok: shown.ok,
	});
	return {
		text: `DICOM verification of ${address}\n${shown.ok ? 'PASSED' : 'FAILED'}: ${shown.text}`,
		facts: [`echo ${target.label} from ${device.id}: ${shown.fact}`],
		traffic: [
			{
				path: trafficPath(device, target.host),
				ended: shown.ok ? 'answered' : shown.ended,
			},
		],
	};
}

function describe(outcome: EchoOutcome): {
	ok: boolean;
	text: string;
	fact: string;
	ended: 'refused' | 'lost';
} {
	if (!outcome.ok) {
		const { failure } = outcome;
		const silent =
			failure.kind === 'no-answer' ||
			(failure.kind === 'not-connected' && failure.failure.kind === 'timeout');
		return {
			ok: false,
			text: failureText(failure),
			fact: failureFact(failure),
			ended: silent ? 'lost' : 'refused',
		};
	}
	const { answer } = outcome;
	if (answer.kind === 'response' && answer.command.Status === 0) {
		return { ok: true, text: 'C-ECHO status 0000', fact: 'success', ended: 'lost' };
	}
	const text =
		answer.kind === 'response'
			? `C-ECHO status ${(answer.command.Status ?? 0).toString(16).padStart(4, '0')}`
			: `association ended (${answer.kind})`;
	return { ok: false, text, fact: text, ended: 'refused' };
}

/** Hosts that a device's traffic to a peer runs along, for the map: its own, and the peer's if known. */
export function trafficPath(device: Device, peer: string): string[] {
	const { spec } = device.world;
	const address = spec.names.find((entry) => entry.name === peer)?.address ?? peer;
	const target = spec.hosts.find((host) => host.nics.some((nic) => nic.address === address));
	if (!target || target.id === device.host.id) return [device.host.id];
	const networks = new Set(device.host.nics.map((nic) => nic.network));
	const direct = target.nics.some((nic) => networks.has(nic.network));
	if (direct) return [device.host.id, target.id];
	const router = spec.hosts.find(
		(host) =>
			host.forwards &&
			host.nics.some((nic) => networks.has(nic.network)) &&
			host.nics.some((nic) => target.nics.some((n) => n.network === nic.network)),
	);
	return router ? [device.host.id, router.id, target.id] : [device.host.id, target.id];
}
