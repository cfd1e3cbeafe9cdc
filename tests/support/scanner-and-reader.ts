import { setTimeout as delay } from 'node:timers/promises';
import type { Modality } from '#lib/hospital/devices/modality/modality.ts';
import type { Workstation } from '#lib/hospital/devices/workstation/workstation.ts';
import type { acquire } from '#lib/hospital/objects/acquire.ts';
import type { Gateway } from '#lib/server/gateway/open-gateway.ts';

/** How long a send over real sockets may take on a busy machine, in tries of 50 ms. */
const TRIES = 400;

export type Series = ReturnType<typeof acquire>;

export const scanner = (gateway: Gateway): Modality => gateway.world.device('ct1') as Modality;
export const reader = (gateway: Gateway): Workstation => gateway.world.device('ws1') as Workstation;

/** The scanner sends a series for the first line of its worklist. Throws unless all of it is sent. */
export async function sendSeries(gateway: Gateway, { sopClassUid, instances }: Series) {
	const [entry] = scanner(gateway).worklist;
	if (!entry) throw new Error('nothing on the worklist');
	const images = instances.map((instance) => ({ ...instance, sopClassUid }));
	const job = await gateway.act(
		'send',
		(function* () {
			return scanner(gateway).sendQueue.add(entry, images);
		})(),
	);
	for (let i = 0; job.state !== 'sent' && i < TRIES; i++) await delay(50);
	if (job.state !== 'sent') throw new Error(`the study is ${job.state}: ${job.lastError}`);
	return images;
}

/** The reading room retrieves a listed study. Returns how many images came; throws if it fails. */
export async function retrieveStudy(
	gateway: Gateway,
	service: string,
	studyInstanceUid: string,
): Promise<number> {
	const listed = reader(gateway).list.get(studyInstanceUid);
	if (!listed) throw new Error('the study is not on the list');
	listed.received.clear();
	reader(gateway).config.retrieve = service === 'GET' ? 'get' : 'move';
	const problem = await gateway.act('retrieve', reader(gateway).retrieve(listed));
	if (problem !== undefined) throw new Error(JSON.stringify(problem));
	return listed.received.size;
}
