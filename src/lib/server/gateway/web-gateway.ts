import { hours, parseIsoLocal } from '#lib/kernel/time.ts';
import { loadContent } from '#lib/lab/content.ts';
import { readYamlFiles } from '../content/read-files.ts';
import { logWarning } from '../log.ts';
import { openGateway } from './open-gateway.ts';

/** The hospital's clock when the gateway opens, as in `npm run gateway`. */
const OPENS = '2026-03-09T10:00';
const WARM_UP_US = hours(3);

/**
 * Opens the gateway within the web server, for operators who asked for it (GATEWAY_HOSPITAL); it is off unless they
 * did. Trainees' attempts have hospitals of their own and are not reachable through it. A failure is logged and the
 * web server goes on.
 */
export async function openWebGateway(
	options: { hospital: string; basePort: number },
	scenariosDir: string,
): Promise<void> {
	const failed = (error: unknown): void => {
		const message = error instanceof Error ? error.message : String(error);
		logWarning({ kind: 'gateway-failed', message });
	};
	try {
		const { hospitals } = loadContent(readYamlFiles(scenariosDir)).content;
		const hospital = hospitals.get(options.hospital);
		if (!hospital) {
			const known = [...hospitals.keys()].join(', ');
			throw new Error(`GATEWAY_HOSPITAL: there is no "${options.hospital}". Known: ${known}`);
		}
		const gateway = await openGateway({
			...{ hospital, seed: 'gateway', startUs: parseIsoLocal(OPENS) ?? 0, warmUpUs: WARM_UP_US },
			...{ basePort: options.basePort, callers: [], destinations: [], failed },
		});
		for (const { deviceId, service, address, realPort } of gateway.nodes) {
			console.log(`gateway: ${deviceId}, ${service}, at ${address}:${realPort}`);
		}
		process.once('sveltekit:shutdown', () => void gateway.close());
	} catch (error) {
		failed(error);
	}
}
