import { CT_BYTES, CT_PIECES } from './ct-object.ts';
import type { DcmtkPeer } from './dcmtk.ts';
import { loopbackStores } from './loopback.ts';
import type { Contestant, Group } from './measure.ts';
import { virtualAssociations, virtualStores } from './virtual-pair.ts';

/** Allocates and fills as many buffers of the image's size: what joining an image costs at least. */
function allocateAndCopy(count: number): number {
	const source = CT_PIECES.at(-1) as Uint8Array;
	let checksum = 0;
	for (let i = 0; i < count; i++) {
		const buffer = new Uint8Array(CT_BYTES);
		buffer.set(source);
		checksum += buffer[i % 1024] as number;
	}
	if (Number.isNaN(checksum)) throw new Error('unreachable');
	return count;
}

/** Images from one end to the other. */
export function storeGroup(dcmtk: DcmtkPeer | undefined): Group {
	const contestants: Contestant[] = [
		{
			id: 'views',
			title: 'virtual network, views, PDU 16 K',
			run: () => virtualStores(800, { capture: false }),
		},
		{
			id: 'views-128k',
			title: 'virtual network, views, PDU 128 K',
			run: () => virtualStores(800, { capture: false, maximumPduBytes: 131_072 }),
		},
		{
			id: 'joined',
			title: 'virtual network, joined into one buffer',
			run: () => virtualStores(300, { capture: false, receipt: 'joined' }),
		},
		{
			id: 'captured',
			title: 'virtual network, views, with capture',
			run: () => virtualStores(300, { capture: true }),
		},
		{
			id: 'copy-limit',
			title: 'limit: allocate and copy in JavaScript',
			run: () => allocateAndCopy(500),
		},
		{
			id: 'loopback',
			title: 'ours -> ours over 127.0.0.1, one process',
			run: () => loopbackStores(100),
		},
	];
	if (dcmtk) {
		contestants.push({
			id: 'dcmtk-stores',
			title: 'storescu -> storescp --ignore, TCP_NODELAY=1',
			run: () => dcmtk.stores(200),
			wallOnly: true,
		});
	}
	return { title: `C-STORE of ${CT_BYTES} bytes (images)`, rounds: [7, 3], contestants };
}

/** Connect, associate, C-ECHO, release. */
export function associationGroup(dcmtk: DcmtkPeer | undefined): Group {
	const contestants: Contestant[] = [
		{
			id: 'associations',
			title: 'virtual network',
			run: () => virtualAssociations(1_500, { capture: false }),
		},
		{
			id: 'associations-captured',
			title: 'virtual network, with capture',
			run: () => virtualAssociations(1_500, { capture: true }),
		},
	];
	if (dcmtk) {
		contestants.push({
			id: 'dcmtk-echoes',
			title: 'one echoscu process each -> storescp',
			run: () => dcmtk.echoes(5),
			wallOnly: true,
		});
	}
	return { title: 'Associations with one C-ECHO (associations)', rounds: [7, 3], contestants };
}
