import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { documentedPeer, peerSetting } from './peer-setting.ts';

export const archivePortWrong = defineFault({
	kind: 'archive-port-wrong',
	title: 'Archive port wrong at a device',
	doc: 'Changes the port that a modality or workstation has set for its archive.',
	mechanism: {
		id: 'peer-port-wrong',
		title: 'Device has a wrong port number for its peer',
		layer: 'transport',
	},
	parameters: z.strictObject({ device: idSchema, to: z.int().min(1).max(65_535) }),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device, to }) {
		peerSetting(world, device, 'archive').port = to;
	},
	present(world, { device }) {
		return (
			peerSetting(world, device, 'archive').port !== documentedPeer(world, device, 'archive').port
		);
	},
	describe: ({ device, to }) =>
		`${device} called the archive at port ${to}, where the archive does not listen.`,
});
