import type { World } from '#lib/hospital/world.ts';
import { documentedConfig } from './documented.ts';

/** What a device has set for a system it calls. */
interface PeerSetting {
	aeTitle: string;
	host: string;
	port: number;
}

type PeerName = 'archive' | 'worklist';

type Caller = Partial<Record<PeerName, PeerSetting>>;

/** What a modality or workstation has set for a peer now; changing it changes the device. */
export function peerSetting(world: World, deviceId: string, peer: PeerName): PeerSetting {
	const device = world.device(deviceId) as { config?: Caller };
	return required(device.config, deviceId, peer);
}

/** What it has set for the peer as documented in the hospital file. */
export function documentedPeer(world: World, deviceId: string, peer: PeerName): PeerSetting {
	return required(documentedConfig<Caller>(world, deviceId), deviceId, peer);
}

function required(config: Caller | undefined, deviceId: string, peer: PeerName): PeerSetting {
	const setting = config?.[peer];
	if (!setting) throw new RangeError(`device "${deviceId}" has no ${peer} setting`);
	return setting;
}
