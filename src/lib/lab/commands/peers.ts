import type { Host } from '#lib/network/host.ts';
import { inSubnet, parseAddress } from '#lib/network/address.ts';
import type { LookupFailure } from '#lib/network/name-resolver.ts';
import type { World } from '#lib/hospital/world.ts';
import type { CommandContext, CommandResult } from '../define-command.ts';

export type Traffic = NonNullable<CommandResult['traffic']>[number];

/** A peer in facts: the host's id when the hospital file knows the name or address, else what was typed. */
export function peerLabel(world: World, typed: string): string {
	const name = typed.toLowerCase().replace(/\.$/, '');
	const address = world.spec.names.find((entry) => entry.name.toLowerCase() === name)?.address;
	const wanted = address ?? name;
	const host = world.spec.hosts.find((one) => one.nics.some((nic) => nic.address === wanted));
	return host?.id ?? name;
}

/** The host ids that traffic to an address runs along as the network is now, for the map. */
function pathTo(world: World, from: Host, address: string): string[] {
	const value = parseAddress(address);
	const target = [...world.network.hosts.values()].find((host) =>
		host.nics.some((nic) => nic.address === address),
	);
	if (value === undefined || target === from) return [from.id];
	const direct = from.nics.some((nic) => inSubnet(value, nic.addressValue, nic.prefix));
	const gateway = from.nics.find((nic) => nic.gateway !== undefined)?.gateway;
	const router = [...world.network.hosts.values()].find(
		(host) => host.forwards && host.nics.some((nic) => nic.address === gateway),
	);
	const path = [from.id];
	if (!direct && router) path.push(router.id);
	if (target && target !== router) path.push(target.id);
	return path;
}

export function trafficTo(
	context: CommandContext,
	address: string,
	ended: Traffic['ended'],
): Traffic[] {
	return [{ path: pathTo(context.world, context.host, address), ended }];
}

/** What getaddrinfo says when a name has no address. */
export function lookupText(failure: LookupFailure): string {
	return failure === 'not-found'
		? 'Name or service not known'
		: 'Temporary failure in name resolution';
}

/** How a lookup failed, in facts. */
export function lookupFact(failure: LookupFailure): string {
	return failure === 'not-found' ? 'name not found' : `name ${failure}`;
}

/** A result without output: the tool's complaint and its exit code. */
export function complaint(text: string, exitCode = 1): CommandResult {
	return { text, exitCode };
}
