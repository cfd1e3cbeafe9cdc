import { DicomConnection } from '#lib/hospital/dicom/dicom-connection.ts';
import { openAssociation } from '#lib/hospital/dicom/service-class-user.ts';
import { PRODUCTS } from '#lib/hospital/products.ts';
import { wait, type Process } from '#lib/kernel/process.ts';
import { seconds } from '#lib/kernel/time.ts';
import type { ExchangeCase } from './exchange-case.ts';
import { HOST } from './site.ts';
import type { Stage } from './stage.ts';
import { storageContexts, VERIFICATION } from './steps.ts';

/** The archive takes this many associations at a time in the case `limit`. */
const LIMIT = 2;

function* ask(stage: Stage): Process {
	yield* stage.caller.associate(storageContexts(stage));
}

/** The neighbour's associations, which stay open. */
function* fillUp({ world, site }: Stage): Process {
	for (let i = 0; i < LIMIT; i++) {
		yield* openAssociation(world, world.host(HOST.neighbour), {
			host: site.archive.address,
			port: site.archive.port,
			calledAeTitle: site.archive.aeTitle,
			callingAeTitle: site.neighbour.aeTitle,
			implementation: PRODUCTS.modality,
			contexts: [VERIFICATION],
		});
	}
}

/** An archive whose DICOM service is up and too busy to take anybody (PS3.8 table 9-21, source 3). */
function* turnEverybodyAway({ world, archive, site }: Stage): Process {
	archive.provider.close();
	const listener = archive.host.listen(site.archive.port);
	function* serve(): Process {
		const stream = yield* wait(listener.accept());
		const connection = new DicomConnection(world.kernel, stream, { role: 'acceptor' });
		world.kernel.spawn('archive.pump', connection.pump());
		connection.act((association) => association.transportConnected());
		const event = yield* connection.next(seconds(60));
		if (event.kind !== 'requested') return;
		const { callingAeTitle, calledAeTitle } = event.rq;
		connection.act((association) => association.reject({ result: 2, source: 3, reason: 1 }));
		archive.log(
			'WARN',
			`association from ${stream.remote.address} calling=${callingAeTitle} called=${calledAeTitle}: rejected 2/3/1 temporary congestion`,
		);
	}
	world.kernel.spawn('archive.busy', serve());
	yield* world.kernel.sleep(0);
}

/** Exchanges that end with an A-ASSOCIATE-RJ. */
export const rejections: Record<string, ExchangeCase> = {
	'calling-rejected': { changes: { unknownCaller: true }, act: ask },
	'called-rejected': { changes: { wrongCalledAeTitle: true }, act: ask },
	'application-context-rejected': {
		*act(stage) {
			const applicationContext = stage.random.pick(['1.2.840.10008.3.1.1.2', '1.2.840.113619.6.5']);
			yield* stage.caller.associate(storageContexts(stage), { applicationContext });
		},
	},
	congestion: { prepare: turnEverybodyAway, act: ask },
	limit: { changes: { maximumAssociations: LIMIT }, prepare: fillUp, act: ask },
};
