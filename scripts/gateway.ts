/**
 * `npm run gateway -- --hospital community`: puts the listening nodes of a simulated hospital on ports of
 * 127.0.0.1, in wall time, for real DICOM programs on this machine. `--help` lists the options.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { formatIsoLocal, parseDuration, parseIsoLocal } from '#lib/kernel/time.ts';
import { openGateway, type GatewayOptions } from '#lib/server/gateway/open-gateway.ts';
import { checkAeTitle, parseDestination, parseSubstitute } from '#lib/server/gateway/loopback.ts';
import { readContent } from './read-content.ts';

const HELP = `npm run gateway -- [options]

  --hospital ID          which hospital of scenarios/hospitals (community)
  --seed TEXT            everything random in it follows from this (gateway)
  --base-port PORT       port of the first node, the others follow; 0: any (11112)
  --start DATE-TIME      the hospital's clock when the gateway opens (2026-03-09T10:00)
  --warm-up DURATION     how long the hospital has lived by then (3h)
  --caller AETITLE       the archive shall know this calling AE title too; repeatable
  --destination AETITLE=127.0.0.1:PORT[,tls]
                         the archive may move images to this program; repeatable
  --substitute HOST:PORT=127.0.0.1:PORT[,tls]
                         a real program takes the place of what listens there in the
                         hospital, for example pacs:104=127.0.0.1:4242; repeatable
  --tls-key FILE         with --tls-cert: each node gets a TLS port too (PEM)
  --tls-cert FILE        certificate of the nodes, then intermediates (PEM)
  --tls-ca FILE          who vouches for callers and for programs that are called (PEM)
  --tls-client-cert      callers must show a certificate
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
			substitute: { type: 'string', multiple: true, default: [] },
			'tls-key': { type: 'string' },
			'tls-cert': { type: 'string' },
			'tls-ca': { type: 'string' },
			'tls-client-cert': { type: 'boolean', default: false },
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
		substitutes: values.substitute.map(parseSubstitute),
		...tlsOptions(values),
		...(values.quiet ? {} : { log: (line: string) => console.log(line) }),
		failed: (error) => {
			console.error(error);
			refuse('The simulation failed; the reason is above.');
		},
	};
}

/** The TLS part of the options; throws a RangeError when a file is missing. */
function tlsOptions(values: {
	'tls-key'?: string | undefined;
	'tls-cert'?: string | undefined;
	'tls-ca'?: string | undefined;
	'tls-client-cert': boolean;
}): Pick<GatewayOptions, 'tls'> {
	const { 'tls-key': key, 'tls-cert': certificate, 'tls-ca': authorities } = values;
	if (key === undefined && certificate === undefined) return {};
	if (key === undefined || certificate === undefined) {
		throw new RangeError('--tls-key and --tls-cert go together');
	}
	const required = values['tls-client-cert'];
	if (required && authorities === undefined) {
		throw new RangeError('--tls-client-cert needs --tls-ca: who vouches for the callers');
	}
	return {
		tls: {
			key: readFileSync(key, 'utf8'),
			certificate: readFileSync(certificate, 'utf8'),
			...(authorities !== undefined && { authorities: readFileSync(authorities, 'utf8') }),
			requireClientCertificate: required,
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
	for (const { deviceId, title, aeTitle, service, secured, address, realPort } of gateway.nodes) {
		const spoken = `${service}${secured ? ' over TLS' : ''}`;
		const columns = [
			deviceId.padEnd(8),
			(aeTitle ?? '').padEnd(16),
			`${address}:${realPort}`.padEnd(15),
		];
		console.log(`  ${columns.join(' ')}  ${spoken.padEnd(20)} ${title}`);
	}
	for (const { aeTitle, port } of options.destinations) {
		console.log(`  move destination ${aeTitle} at 127.0.0.1:${port}`);
	}
	for (const { host, hospitalPort, port } of options.substitutes ?? []) {
		console.log(`  ${host}:${hospitalPort} is played by 127.0.0.1:${port}`);
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
