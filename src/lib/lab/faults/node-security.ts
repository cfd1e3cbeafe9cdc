import type { NodeSecurity } from '#lib/hospital/security/node-security.ts';
import type { World } from '#lib/hospital/world.ts';

/** The certificate of a device and what it insists on. Throws a RangeError for a device that speaks no TLS. */
export function securityOf(world: World, deviceId: string): NodeSecurity {
	const { security } = world.device(deviceId) as { security?: NodeSecurity };
	if (!security) throw new RangeError(`device "${deviceId}" has no TLS`);
	return security;
}
