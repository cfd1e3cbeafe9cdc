import type { Process } from '#lib/kernel/process.ts';
import { milliseconds, seconds } from '#lib/kernel/time.ts';
import { encodePdu } from '#lib/protocol/dicom/upper-layer/encode-pdu.ts';
import { DICOM_APPLICATION_CONTEXT } from '#lib/protocol/dicom/upper-layer/pdu.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import type { ExchangeCase } from './exchange-case.ts';
import { HOST } from './site.ts';
import type { Stage } from './stage.ts';
import { images, sendImages, store } from './steps.ts';

/** What a provider aborts for (PS3.8 table 9-26): each a fault of the caller's program. */
const FAULTS: readonly ((stage: Stage) => Uint8Array[])[] = [
	// A PDU type that does not exist: reason 1.
	() => [Uint8Array.of(0x0b, 0, 0, 0, 0, 4, 0, 0, 0, 0)],
	// A second request on an open association: reason 2.
	({ site }) =>
		encodePdu({
			kind: 'A-ASSOCIATE-RQ',
			protocolVersion: 1,
			calledAeTitle: site.archive.aeTitle,
			callingAeTitle: site.caller.aeTitle,
			applicationContext: DICOM_APPLICATION_CONTEXT,
			presentationContexts: [],
			userInformation: {
				maximumLength: site.maximumLengthBytes,
				implementationClassUid: PRODUCTS.modality.classUid,
			},
		}),
	// A presentation context nobody agreed on: reason 6.
	() =>
		encodePdu({
			kind: 'P-DATA-TF',
			pdvs: [{ contextId: 99, isCommand: true, isLast: true, data: new Uint8Array(40) }],
		}),
];

function* begin(stage: Stage, most: number): Process<boolean> {
	const list = images(stage, stage.random.between(1, most)).map((image) => ({ image }));
	return yield* sendImages(stage, list);
}

/** Associations that were accepted and did not end with a release. */
export const endings: Record<string, ExchangeCase> = {
	'aborted-by-user': {
		*act(stage) {
			const { caller, random } = stage;
			if (!(yield* begin(stage, 2))) return;
			yield* caller.sleep(milliseconds(random.between(40, 400)));
			caller.log('WARN', 'sending cancelled by the operator');
			caller.connection.act((association) => association.abort());
		},
	},
	'aborted-by-provider': {
		*act(stage) {
			const { caller, random } = stage;
			if (!(yield* begin(stage, 2))) return;
			yield* caller.sleep(milliseconds(random.between(40, 400)));
			caller.sendBytes(random.pick(FAULTS)(stage));
			const event = yield* caller.next();
			if (event.kind !== 'aborted') return;
			const { source, reason } = event;
			caller.log('ERROR', `association aborted by peer (source ${source}, reason ${reason})`);
		},
	},
	'idle-cut': {
		// Until the archive has given up, too.
		settleUs: seconds(400),
		*prepare({ world }) {
			// From then on it drops, in silence, what belongs to the connection.
			world.host(HOST.firewall).firewall.idleTimeoutUs = seconds(60);
		},
		*act(stage) {
			const { caller, random } = stage;
			const [first, second] = images(stage, 2);
			if (!first || !second || !(yield* sendImages(stage, [{ image: first }]))) return;
			yield* caller.sleep(seconds(random.between(75, 240)));
			yield* store(stage, second);
		},
	},
};
