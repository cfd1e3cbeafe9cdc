import { CT_BYTES, CT_PIECES } from './ct-object.ts';
import type { DcmtkPeer } from './dcmtk.ts';
import { loopbackAssociations, loopbackStores, type OwnAcceptor } from './loopback.ts';
import type { Contestant, Group } from './measure.ts';
import type { DcmjsDimsePeer } from './start-dcmjs-dimse.ts';
import { virtualAssociations, virtualStores } from './virtual-pair.ts';

/** Whom the simulator's core is measured with and against. */
export interface Peers {
	own: OwnAcceptor;
	/** Another one for storescu alone: what the compiler learned from other traffic would count against it. */
	ownForStorescu: OwnAcceptor;
	dcmjsDimse: DcmjsDimsePeer;
	dcmtk: DcmtkPeer | undefined;
}

/** Sent before each timed round over sockets, by all contestants alike. */
const WARM_UP_IMAGES = 60;

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

/** Images from one end to the other. Over sockets each end is a process of its own, but for dcmjs-dimse. */
export function storeGroup({ own, ownForStorescu, dcmjsDimse, dcmtk }: Peers): Group {
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
			title: 'ours -> ours over 127.0.0.1',
			run: () => loopbackStores(own.port, 200),
			warmUp: () => loopbackStores(own.port, WARM_UP_IMAGES),
			wallOnly: true,
		},
		...storesWithDcmtk(ownForStorescu, dcmtk),
		{
			id: 'dcmjs-dimse-stores',
			title: 'dcmjs-dimse -> itself, one process',
			run: () => dcmjsDimse.run({ what: 'stores', count: 10 }),
			wallOnly: true,
		},
	];
	return { title: `C-STORE of ${CT_BYTES} bytes (images)`, rounds: [25, 7], contestants };
}

function storesWithDcmtk(own: OwnAcceptor, dcmtk: DcmtkPeer | undefined): Contestant[] {
	if (!dcmtk) return [];
	const contestants: Contestant[] = [
		{
			id: 'ours-to-storescp',
			title: 'ours -> storescp --ignore',
			run: () => loopbackStores(dcmtk.port, 200),
			warmUp: () => loopbackStores(dcmtk.port, WARM_UP_IMAGES),
		},
		{
			id: 'storescu-to-ours',
			title: 'storescu -> ours',
			run: () => dcmtk.stores(own.port, 200),
			warmUp: () => dcmtk.stores(own.port, WARM_UP_IMAGES),
		},
		{
			id: 'dcmtk-stores',
			title: 'storescu -> storescp --ignore',
			run: () => dcmtk.stores(dcmtk.port, 200),
			warmUp: () => dcmtk.stores(dcmtk.port, WARM_UP_IMAGES),
		},
	];
	const { orthanc } = dcmtk;
	if ('port' in orthanc) {
		contestants.push({
			id: 'storescu-to-orthanc',
			title: `storescu -> Orthanc ${orthanc.version}`,
			run: () => dcmtk.stores(orthanc.port, 100),
		});
	}
	return contestants.map((contestant) => ({ ...contestant, wallOnly: true }));
}

/** Connect, associate, C-ECHO, release. */
export function associationGroup({ own, dcmjsDimse, dcmtk }: Peers): Group {
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
		{
			id: 'loopback-associations',
			title: 'ours -> ours over 127.0.0.1',
			run: () => loopbackAssociations(own.port, 200),
			wallOnly: true,
		},
	];
	if (dcmtk) {
		contestants.push(
			{
				id: 'ours-associations-storescp',
				title: 'ours -> storescp',
				run: () => loopbackAssociations(dcmtk.port, 200),
				wallOnly: true,
			},
			{
				id: 'dcmtk-echoes-ours',
				title: 'one echoscu process each -> ours',
				run: () => dcmtk.echoes(own.port, 5),
				wallOnly: true,
			},
			{
				id: 'dcmtk-echoes',
				title: 'one echoscu process each -> storescp',
				run: () => dcmtk.echoes(dcmtk.port, 5),
				wallOnly: true,
			},
		);
	}
	contestants.push({
		id: 'dcmjs-dimse-associations',
		title: 'dcmjs-dimse -> itself, one process',
		run: () => dcmjsDimse.run({ what: 'associations', count: 20 }),
		wallOnly: true,
	});
	return { title: 'Associations with one C-ECHO (associations)', rounds: [7, 3], contestants };
}
