/**
 * `npm run gateway -- --hospital community`: puts the listening nodes of a simulated hospital on ports of
 * 127.0.0.1, in wall time, for real DICOM programs on this machine. `--help` lists the options.
 */
import { parseArgs } from 'node:util';
import { formatIsoLocal, parseDuration, parseIsoLocal } from '#lib/kernel/time.ts';
import { openGateway, type GatewayOptions } from '#lib/server/gateway/open-gateway.ts';
import { checkAeTitle, parseDestination } from '#lib/server/gateway/loopback.ts';
import { readContent } from './read-content.ts';

const HELP = `npm run gateway -- [options]

  --hospital ID          which hospital of scenarios/hospitals (community)
  --seed TEXT            everything random in it follows from this (gateway)
  --base-port PORT       port of the first node, the others follow; 0: any (11112)
  --start DATE-TIME      the hospital's clock when the gateway opens (2026-03-09T10:00)
  --warm-up DURATION     how long the hospital has lived by then (3h)
  --caller AETITLE       the archive shall know this calling AE title too; repeatable
  --destination AETITLE=127.0.0.1:PORT
                         the archive may move images to this program; repeatable
  --quiet                does not print connections
  --help                 prints this

Callers appear in the hospital as the PACS desk. Only 127.0.0.1 is used, in both directions.`;

/** Ends the program with a sentence. */
function refuse(problem: string): never {
	console.error(problem);
	console.error('npm run gateway -- --help lists the options.');
	process.exit(1);
}

function readOptions(args: string[]): GatewayOptions | undefined {
	const { values } = parseArgs({
		args,
		options: {
			hospital: { type: 'string', default: 'community' },
			seed: { type: 'string', default: 'gateway' },
			'base-port': { type: 'string', default: '11112' },
			start: { type: 'string', default: '2026-03-09T10:00' },
			'warm-up': { type: 'string', default: '3h' },
			caller: { type: 'string', multiple: true, default: [] },
			destination: { type: 'string', multiple: true, default: [] },
			quiet: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return undefined;
	const { hospitals } = readContent();
	const hospital = hospitals.get(values.hospital);
	if (!hospital) {
		const known = [...hospitals.keys()].join(', ');
		throw new RangeError(`There is no hospital "${values.hospital}". Known: ${known}`);
	}
	const startUs = parseIsoLocal(values.start);
	if (startUs === undefined)
		throw new RangeError(`--start ${values.start}: write 2026-03-09T10:00`);
	const warmUpUs = parseDuration(values['warm-up']);
	if (warmUpUs === undefined || warmUpUs < 0) {
		throw new RangeError(`--warm-up ${values['warm-up']}: write 90m or 3h`);
	}
	const basePort = Number(values['base-port']);
	if (!Number.isInteger(basePort) || basePort < 0 || basePort > 65_000) {
		throw new RangeError(`--base-port ${values['base-port']}: a number from 0 to 65000`);
	}
	return {
		...{ hospital, seed: values.seed, startUs, warmUpUs, basePort },
		callers: values.caller.map(checkAeTitle),
		destinations: values.destination.map(parseDestination),
		...(values.quiet ? {} : { log: (line: string) => console.log(line) }),
		failed: (error) => {
			console.error(error);
			refuse('The simulation failed; the reason is above.');
		},
	};
}

try {
	const options = readOptions(process.argv.slice(2));
	if (options === undefined) {
		console.log(HELP);
		process.exit(0);
	}
	const gateway = await openGateway(options);
	const now = formatIsoLocal(options.startUs);
	console.log(`${options.hospital.title}, ${now}, seed "${options.seed}"`);
	for (const { deviceId, title, aeTitle, address, realPort } of gateway.nodes) {
		console.log(`  ${deviceId.padEnd(8)} ${aeTitle.padEnd(16)} ${address}:${realPort}  ${title}`);
	}
	for (const { aeTitle, port } of options.destinations) {
		console.log(`  move destination ${aeTitle} at 127.0.0.1:${port}`);
	}
	console.log('Stop it with Ctrl-C.');
	const stop = (): void => {
		console.log('Closing all connections.');
		void gateway.close();
	};
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
} catch (error) {
	refuse(error instanceof Error ? error.message : String(error));
}
