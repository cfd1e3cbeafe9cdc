import { openAssociation, type AssociationTarget } from '#lib/hospital/dicom/service-class-user.ts';
import type { World } from '#lib/hospital/world.ts';
import type { Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { cEchoRequest } from '#lib/protocol/dicom/dimse/services.ts';

/** Often enough that no peer ends the association for being idle. */
const INTERVAL_US = seconds(60);

/** Keeps an association from a host open for good, with a C-ECHO now and then; opens it again when it ends. */
export function* holdAssociation(
	world: World,
	fromHostId: string,
	target: Omit<AssociationTarget, 'contexts'>,
): Process {
	const from = world.host(fromHostId);
	const contexts = [
		{
			abstractSyntax: UID.VerificationSOPClass,
			transferSyntaxes: [UID.LittleEndianImplicit],
		},
	];
	for (;;) {
		const opened = yield* openAssociation(world, from, { ...target, contexts });
		let alive = opened.ok;
		while (opened.ok && alive) {
			yield* world.kernel.sleep(INTERVAL_US);
			const messageId = opened.link.connection.messageId();
			const command = cEchoRequest({ messageId });
			const answer = yield* opened.link.request(UID.VerificationSOPClass, command);
			alive = answer.kind === 'response';
		}
		yield* world.kernel.sleep(INTERVAL_US);
	}
}
