import type { World } from '#lib/hospital/world.ts';
import { parseAddress } from '#lib/network/address.ts';
import { canonicalName } from '#lib/network/name-service.ts';
import type { Nic } from '#lib/network/nic.ts';

/**
 * What the hospital file says. Faults that change a setting are cured when it means again what is
 * documented there, however it is written.
 */

/** A device's settings as documented. The caller knows the device's kind and so their form. */
export function documentedConfig<C>(world: World, deviceId: string): C {
	const spec = world.spec.devices.find((device) => device.id === deviceId);
	if (!spec) throw new RangeError(`no device "${deviceId}"`);
	return world.definition(spec.kind).config.parse(spec.config) as C;
}

/** The address that a host name stands for as documented, or the address itself; undefined for an unknown name. */
export function documentedAddress(world: World, host: string): string | undefined {
	if (parseAddress(host) !== undefined) return host;
	const wanted = canonicalName(host);
	return world.spec.names.find((entry) => canonicalName(entry.name) === wanted)?.address;
}

/** Whether two ways to write a host mean the same one. An unknown name is only like itself. */
export function meansSameHost(world: World, one: string, other: string): boolean {
	return (
		(documentedAddress(world, one) ?? canonicalName(one)) ===
		(documentedAddress(world, other) ?? canonicalName(other))
	);
}

/** A network interface as it is now. Throws a RangeError when the host has none of that index. */
export function nicOf(world: World, hostId: string, index: number): Nic {
	const nic = world.host(hostId).nics[index];
	if (!nic) throw new RangeError(`host "${hostId}" has no network interface ${index}`);
	return nic;
}
