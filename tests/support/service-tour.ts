import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { instancesOf } from '#lib/hospital/devices/archive/study-store.ts';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import { openAssociation } from '#lib/hospital/dicom/service-class-user.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { Order } from '#lib/hospital/records.ts';
import type { World } from '#lib/hospital/world.ts';
import type { Process } from '#lib/kernel/process.ts';
import { seconds, type Micros } from '#lib/kernel/time.ts';
import { COMMANDS } from '#lib/lab/commands/catalogue.ts';
import { deskFiles } from '#lib/lab/desk-files.ts';
import { runLine } from '#lib/lab/shell/run-line.ts';
import { shellContext } from '#lib/lab/shell-context.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { communityHospital, quietWorld, run } from '../simulation/community-world.ts';
import { placeOrder } from './place-order.ts';

/** When a service was used, by its name. */
type Tour = ReadonlyMap<string, { fromUs: Micros; toUs: Micros }>;

export interface ToldTour {
	world: World;
	archive: Archive;
	tour: Tour;
	/** The order that was examined on CT 2. */
	order: Order;
}

/** What the desk types, service by service; `$STUDY` and so on are those of the study examined before. */
const LINES: readonly (readonly [service: string, line: string])[] = [
	['C-ECHO', 'echoscu -aet PACSDESK -aec PACS1 pacs 104'],
	['C-FIND STUDY', 'findscu -S $DESK $L=STUDY -k StudyInstanceUID -k PatientID=$PATIENT pacs 104'],
	['C-FIND SERIES', 'findscu -S $DESK $L=SERIES $IN_STUDY -k SeriesInstanceUID pacs 104'],
	['C-FIND IMAGE', 'findscu -S $DESK $L=IMAGE $IN_SERIES -k SOPInstanceUID pacs 104'],
	['C-FIND PATIENT', 'findscu -P $DESK $L=PATIENT -k PatientID=$PATIENT -k PatientName pacs 104'],
	['C-CANCEL', 'findscu -S --cancel 2 $DESK $L=IMAGE $IN_COPIES -k SOPInstanceUID pacs 104'],
	['C-FIND refused', 'findscu -S $DESK $L=SERIES -k SeriesInstanceUID pacs 104'],
	['C-MOVE', 'movescu -S +P 11113 $DESK $L=STUDY $IN_STUDY pacs 104'],
	['C-MOVE cancelled', 'movescu -S --cancel 1 +P 11113 $DESK $L=STUDY $COPIES pacs 104'],
	['C-GET', 'getscu -S $DESK $L=STUDY $IN_STUDY pacs 104'],
	['rejected association', 'echoscu -aet NOBODY -aec PACS1 pacs 104'],
	['C-STORE', 'storescu $DESK pacs 104 test-image.dcm'],
	['HL7 update', 'mllp_send --loose -p 2575 -f test-update.hl7 pacs'],
	['QIDO-RS', 'curl -s "http://pacs:8042/dicom-web/studies?PatientID=SYN00000018"'],
	['WADO-RS', 'curl -s -o study.mime http://pacs:8042/dicom-web/studies/$TEST_STUDY'],
	['WADO-RS metadata', 'curl -s http://pacs:8042/dicom-web/studies/$TEST_STUDY/metadata'],
	[
		'STOW-RS',
		"curl -s -H 'Content-Type: application/dicom' --data-binary @test-image.dcm http://pacs:8042/dicom-web/studies",
	],
	['DICOMweb not found', 'curl -s http://pacs:8042/dicom-web/studies/1.2.3/metadata'],
];

/** The community hospital with TLS between CT 1 and the archive, and everything let through. */
function hospital(): World {
	const spec = communityHospital();
	for (const device of spec.devices) {
		if (device.id === 'pacs') device.config['tls'] = { enabled: true };
		if (device.id === 'ct2') device.config['commitment'] = { keepOpenSeconds: 30 };
		if (device.id !== 'ct1') continue;
		const archive = device.config['archive'] as Record<string, unknown>;
		device.config['archive'] = { ...archive, port: 2762, tls: true };
	}
	const world = quietWorld(spec, 'services');
	world.host('fw1').firewall.defaultAction = 'allow';
	world.host('fw1').firewall.rules = [];
	for (const [path, bytes] of deskFiles(world)) world.system('admin').files.set(path, bytes);
	return world;
}

/** Uses every service of the hospital once, one after the other, ten seconds apart. */
export function serviceTour(): ToldTour {
	const world = hospital();
	const archive = world.device('pacs') as Archive;
	const scanner = world.device('ct2') as Modality;
	const tour = new Map<string, { fromUs: Micros; toUs: Micros }>();
	const stop = (service: string, use: () => void): void => {
		const fromUs = world.kernel.nowUs;
		use();
		world.kernel.runUntil(world.kernel.nowUs + seconds(10));
		tour.set(service, { fromUs, toUs: world.kernel.nowUs - seconds(2) });
	};
	const box: { order?: Order } = {};
	stop('HL7 order', () => (box.order = placeOrder(world, 'ct2', 0)));
	const order = box.order!;
	stop('Modality Worklist', () => void run(world, scanner.refreshWorklist()));
	stop('examination', () => run(world, scanner.perform(order, scanner.worklist[0]!)));
	stop('commitment on another association', () => {
		scanner.config.commitment.keepOpenSeconds = 0;
		if (!scanner.askAgain(scanner.queue[0]!.id)) throw new Error('nothing was sent');
	});
	keepCopies(archive, order.instances[0]!, world.kernel.nowUs);
	for (const [service, line] of LINES) {
		stop(
			service,
			() =>
				void type(
					world,
					line.replace(/\$[A-Z_]+/g, (name) => value(world, order, name)),
				),
		);
	}
	stop('aborted association', () => run(world, abortedAssociation(world)));
	stop('DICOM over TLS', () => verifyArchive(world));
	stop('DICOM over TLS refused', () => {
		world.system('ct1').clockOffsetUs = seconds(86_400 * 800);
		verifyArchive(world);
	});
	return { world, archive, tour, order };
}

const COPIES = 40;
const COPIES_STUDY = '2.25.100';
const COPIES_SERIES = '2.25.101';

/** A study of so many images that a C-CANCEL comes before the last answer. */
function keepCopies(archive: Archive, sopInstanceUid: string, receivedUs: Micros): void {
	const { bytes: original, sopClassUid, transferSyntax } = archive.store.instance(sopInstanceUid)!;
	const decoded = decodeDataSet(original, { transferSyntax });
	if (!decoded.ok) throw new Error(decoded.error.message);
	const copy = decoded.dataSet;
	copy.set('StudyInstanceUID', COPIES_STUDY).set('SeriesInstanceUID', COPIES_SERIES);
	for (let i = 1; i <= COPIES; i++) {
		const uid = `${COPIES_SERIES}.${i}`;
		copy.set('SOPInstanceUID', uid);
		const bytes = joinBytes(encodeDataSet(copy, { transferSyntax }));
		const object = {
			sopClassUid,
			sopInstanceUid: uid,
			transferSyntax,
			bytes,
			callingAeTitle: 'CT2',
			receivedUs,
		};
		if (archive.keep(object).status !== 0) throw new Error('not kept');
	}
}

/** Runs a line at the desk. */
function type(world: World, line: string): void {
	const context = { ...shellContext(world, 'admin', 'you'), commands: COMMANDS };
	run(world, runLine(context, line));
}

/** What a word of a line stands for. */
function value(world: World, order: Order, name: string): string {
	const archive = world.device('pacs') as Archive;
	const uids = [...archive.store.studies.values()].flatMap(instancesOf);
	const instance = uids.find(({ sopInstanceUid }) => order.instances.includes(sopInstanceUid));
	const study = `-k StudyInstanceUID=${order.studyInstanceUid}`;
	switch (name) {
		case '$DESK':
			return '-aet PACSDESK -aec PACS1';
		case '$L':
			return '-k QueryRetrieveLevel';
		case '$PATIENT':
			return order.patient.id;
		case '$IN_STUDY':
			return study;
		case '$IN_SERIES':
			return `${study} -k SeriesInstanceUID=${instance?.seriesInstanceUid}`;
		case '$COPIES':
			return `-k StudyInstanceUID=${COPIES_STUDY}`;
		case '$IN_COPIES':
			return `-k StudyInstanceUID=${COPIES_STUDY} -k SeriesInstanceUID=${COPIES_SERIES}`;
		case '$TEST_STUDY':
			return uids.find(({ dataSet }) => dataSet.text('AccessionNumber') === 'TEST0001')!
				.studyInstanceUid;
		default:
			throw new RangeError(name);
	}
}

/** An association of the desk that it aborts once it is accepted (PS3.8 9.3.8). */
function* abortedAssociation(world: World): Process {
	const opened = yield* openAssociation(world, world.host('admin'), {
		host: 'pacs',
		port: 104,
		calledAeTitle: 'PACS1',
		callingAeTitle: 'PACSDESK',
		contexts: [
			{
				abstractSyntax: UID.VerificationSOPClass,
				transferSyntaxes: [UID.LittleEndianImplicit],
			},
		],
		implementation: PRODUCTS.desk,
	});
	if (!opened.ok) throw new Error(opened.failure.kind);
	opened.link.abort();
}

/** A C-ECHO of CT 1 over TLS. */
function verifyArchive(world: World): void {
	const device = world.device('ct1');
	const operation = world.operation(device, 'verify-archive');
	run(world, world.operate(device, operation!, { row: undefined, fields: {} }));
}
