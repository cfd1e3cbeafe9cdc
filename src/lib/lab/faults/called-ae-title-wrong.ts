import { idSchema } from '#lib/hospital/hospital-spec.ts';
import { z } from 'zod';
import { defineFault } from '../define-fault.ts';
import { documentedPeer, peerSetting } from './peer-setting.ts';

/**
 * PS3.8 table 9-21: result 1, source 1, reason 7. Acceptors compare AE titles letter by letter. Renaming the peer
 * to what the device calls is no cure: every other device then fails.
 */
export const calledAeTitleWrong = defineFault({
	kind: 'called-ae-title-wrong',
	title: 'Called AE title mistyped',
	doc: 'Changes the AE title by which a modality or workstation calls its archive or worklist: a slip, or upper for lower case.',
	mechanism: {
		id: 'called-ae-title-wrong',
		title: 'Device calls its peer by a wrong AE title',
		layer: 'association',
	},
	parameters: z.strictObject({
		device: idSchema,
		peer: z.enum(['archive', 'worklist']).default('archive'),
		to: z.string().min(1).max(16),
	}),
	component: ({ device }) => device,
	refersTo: ({ device }) => [device],
	inject(world, { device, peer, to }) {
		peerSetting(world, device, peer).aeTitle = to;
	},
	present(world, { device, peer }) {
		return peerSetting(world, device, peer).aeTitle !== documentedPeer(world, device, peer).aeTitle;
	},
	describe: ({ device, peer, to }) =>
		`${device} called the ${peer} by the AE title ${to}, which is not its name.`,
});
