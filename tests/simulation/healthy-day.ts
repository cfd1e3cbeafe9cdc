import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import type { Ris } from '#lib/hospital/devices/ris/ris.ts';
import { imagesOf } from '#lib/hospital/devices/ris/step-link.ts';
import { instancesOf } from '#lib/hospital/devices/archive/study-store.ts';
import type { World } from '#lib/hospital/world.ts';
import { minutes, type Micros } from '#lib/kernel/time.ts';

/** How long things may take in a healthy hospital. */
const ARCHIVED_WITHIN_US = minutes(10);
const REPORTED_WITHIN_US = minutes(1);
/** One radiologist reads everything, one after the other. */
const READ_WITHIN_US = minutes(60);

/** What is wrong in a world that should be healthy, one sentence each; empty when nothing is. */
export function illnessesOf(world: World): string[] {
	return [
		...studiesNotArchived(world),
		...studiesNotRead(world),
		...studiesMixedUp(world),
		...failedJobs(world),
		...stepsNotReported(world),
		...studiesNotCommitted(world),
		...trouble(world),
	];
}

const before = (world: World, sinceUs: Micros | undefined, limitUs: Micros): boolean =>
	sinceUs !== undefined && sinceUs < world.kernel.nowUs - limitUs;

function archives(world: World): Archive[] {
	return world.devicesOfKind('archive') as Archive[];
}

/** Every study acquired a while ago is in the archive with all its images. */
function studiesNotArchived(world: World): string[] {
	return world.records.orders
		.filter((order) => before(world, order.acquiredUs, ARCHIVED_WITHIN_US))
		.filter((order) => {
			const complete = archives(world).some(({ store }) =>
				order.instances.every((uid) => store.has(uid)),
			);
			return !complete || order.instances.length === 0 || order.archivedUs === undefined;
		})
		.map((order) => `${order.accessionNumber} was acquired but is not archived`);
}

function studiesNotRead(world: World): string[] {
	return world.records.orders
		.filter((order) => before(world, order.archivedUs, READ_WITHIN_US))
		.filter((order) => order.readUs === undefined || order.status !== 'read')
		.map((order) => `${order.accessionNumber} is archived but was not read`);
}

/** The archive's database agrees with what really happened to whom. */
function studiesMixedUp(world: World): string[] {
	return archives(world).flatMap((archive) =>
		[...archive.store.studies.values()]
			.filter((study) => {
				const order = world.records.byStudy(study.studyInstanceUid);
				return (
					!order ||
					order.patient.id !== study.patientId ||
					order.accessionNumber !== study.accessionNumber ||
					instancesOf(study).some((i) => !order.instances.includes(i.sopInstanceUid))
				);
			})
			.map((study) => `study ${study.studyInstanceUid} is filed under the wrong order`),
	);
}

function failedJobs(world: World): string[] {
	return (world.devicesOfKind('modality') as Modality[])
		.flatMap((modality) => modality.queue)
		.filter((job) => job.state === 'failed' || job.attempts > 1)
		.map((job) => `job ${job.id} failed: ${job.lastError}`);
}

/** Every study acquired a while ago is completed in the RIS, by the performed step that the images name. */
function stepsNotReported(world: World): string[] {
	return (world.devicesOfKind('ris') as Ris[]).flatMap((ris) =>
		[...ris.steps.values()]
			.filter(({ order }) => before(world, order.acquiredUs, REPORTED_WITHIN_US))
			.filter(({ status, performed, order }) => {
				const step = ris.performedSteps.get(performed[0] ?? '');
				const named = step && imagesOf(step) === order.instances.length;
				return status !== 'completed' || performed.length !== 1 || !named;
			})
			.map(({ order }) => `${order.accessionNumber} was acquired but is not completed in the RIS`),
	);
}

/** The archive has committed to every study that was sent a while ago. */
function studiesNotCommitted(world: World): string[] {
	return (world.devicesOfKind('modality') as Modality[])
		.flatMap((modality) => modality.queue)
		.filter((job) => before(world, job.createdUs - world.epochUs, ARCHIVED_WITHIN_US))
		.filter((job) => job.commitment.state !== 'committed')
		.map((job) => `job ${job.id} is not committed to: ${job.commitment.text}`);
}

/** Nothing of this happens on a healthy day. */
const TROUBLE = new Set([
	'association-rejected',
	'store-refused',
	'firewall-denied',
	'instances-deleted',
	'service-stopped',
	'setting-changed',
]);

function trouble(world: World): string[] {
	const events = world.kernel.trace.events.filter(
		(event) =>
			TROUBLE.has(event.kind) ||
			(event.kind === 'association-requested' && event['outcome'] !== 'accepted'),
	);
	return [
		...events.map((event) => `${event.kind} at ${event.timeUs} µs`),
		...[...world.devices.values()]
			.flatMap((device) => device.logFile.lines.map((line) => `${device.id}: ${line}`))
			.filter((line) => / (WARN|ERROR) /.test(line)),
	];
}
