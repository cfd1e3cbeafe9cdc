import { DEVICE_DEFINITIONS } from '#lib/hospital/devices/catalogue.ts';
import type { HospitalSpec } from '#lib/hospital/hospital-spec.ts';
import { World } from '#lib/hospital/world.ts';
import type { Micros } from '#lib/kernel/time.ts';
import { openAssociation } from '#lib/hospital/dicom/service-class-user.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { Process } from '#lib/kernel/process.ts';
import { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cFindRequest } from '#lib/protocol/dicom/dimse/services.ts';

/** Titles and addresses of the three machines that a query needs. */
const DESK = { aeTitle: 'PACSDESK', address: '10.20.20.50' };
const ARCHIVE = { aeTitle: 'PACS1', address: '10.20.20.10' };
const RIS = { aeTitle: 'RISMWL', address: '10.20.20.20' };
const PORT = 104;

/** A desk, an archive and a RIS on one network. `stations` are the AE titles by station id. */
function spec(stations: Record<string, string>): HospitalSpec {
	const network = 'servers';
	const host = (id: string, address: string) => ({
		id,
		title: id,
		nics: [{ network, address }],
		forwards: false,
		clockOffset: 0,
		volumes: [
			{ id: 'images', device: '/dev/sdb1', mount: '/archive', sizeGB: 1_800, usedGB: 1_240 },
		],
		map: { x: 0, y: 0 },
		minutesAway: 0,
	});
	const desk = { ...DESK, host: DESK.address, port: PORT };
	const { address: _address, ...node } = desk;
	return {
		schema: 1,
		id: 'query',
		title: 'Query',
		institution: 'Larkfield Community Hospital',
		desk: 'desk',
		networks: [
			{
				id: network,
				title: 'Servers',
				cidr: '10.20.20.0/24',
				latency: 100,
				megabitsPerSecond: 1_000,
			},
		],
		hosts: [host('desk', DESK.address), host('archive', ARCHIVE.address), host('ris', RIS.address)],
		names: [],
		devices: [
			{
				id: 'archive',
				kind: 'archive',
				host: 'archive',
				title: 'Archive',
				reach: 'remote',
				config: { aeTitle: ARCHIVE.aeTitle, volume: 'images', nodes: [node] },
			},
			{
				id: 'ris',
				kind: 'ris',
				host: 'ris',
				title: 'RIS',
				reach: 'remote',
				config: { aeTitle: RIS.aeTitle, stations },
			},
		],
		people: [],
		procedures: [],
		schedule: [],
	};
}

export function queryWorld(seed: string, epochUs: Micros, stations: Record<string, string>): World {
	const world = new World(spec(stations), DEVICE_DEFINITIONS, {
		seed,
		epochUs,
		capture: false,
		eventBudget: 20_000,
	});
	world.start();
	return world;
}

/** The answers to a query from the desk, in the order in which they came. */
export function answersTo(
	world: World,
	service: 'worklist' | 'study',
	identifier: DataSet,
): DataSet[] {
	const found: DataSet[] = [];
	const task = world.kernel.spawn('query', query(world, service, identifier, found));
	world.kernel.runTask(task);
	return found;
}

function* query(
	world: World,
	service: 'worklist' | 'study',
	identifier: DataSet,
	found: DataSet[],
): Process {
	const model =
		service === 'worklist'
			? UID.FINDModalityWorklistInformationModel
			: UID.FINDStudyRootQueryRetrieveInformationModel;
	const peer = service === 'worklist' ? RIS : ARCHIVE;
	const opened = yield* openAssociation(world, world.host('desk'), {
		host: peer.address,
		port: PORT,
		calledAeTitle: peer.aeTitle,
		callingAeTitle: DESK.aeTitle,
		implementation: PRODUCTS.desk,
		contexts: [{ abstractSyntax: model, transferSyntaxes: [UID.LittleEndianExplicit] }],
	});
	if (!opened.ok) throw new RangeError(`the query was not answered: ${opened.failure.kind}`);
	const { link } = opened;
	const transferSyntax = link.transferSyntaxOf(model) ?? UID.LittleEndianExplicit;
	const command = cFindRequest({ messageId: link.connection.messageId(), sopClassUid: model });
	let answer = yield* link.request(model, command, encodeDataSet(identifier, { transferSyntax }));
	while (answer.kind === 'response' && (answer.command.Status ?? 0) >= 0xff00) {
		const decoded = decodeDataSet(answer.data ?? new Uint8Array(0), { transferSyntax });
		if (decoded.ok) found.push(decoded.dataSet);
		answer = yield* link.nextAnswer();
	}
	yield* link.release();
}
