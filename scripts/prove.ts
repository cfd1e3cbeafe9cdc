/**
 * `npm run prove [-- --folder path] [id ...]`: prints the certificate of each scenario; exits with 1 when one
 * cannot be given. `--folder` reads other content than `scenarios/`; `PROVE_SEEDS` sets on how many seeds a
 * solution is run (20).
 */
import { parseArgs } from 'node:util';
import { prove } from '#lib/lab/proof/prove.ts';
import { scoreForProof } from '#lib/scoring/score-for-proof.ts';
import { readContent } from './read-content.ts';

const { values, positionals: wanted } = parseArgs({
	options: { folder: { type: 'string' } },
	allowPositionals: true,
});
const content = readContent(values.folder);
const seeds = Number(process.env['PROVE_SEEDS'] ?? 20);
const ids = wanted.length > 0 ? wanted : [...content.scenarios.keys()];
let failed = 0;
for (const id of ids) {
	if (!content.scenarios.has(id)) {
		console.error(
			`There is no scenario "${id}". Known: ${[...content.scenarios.keys()].join(', ')}`,
		);
		process.exit(1);
	}
	console.log(`\n${id}`);
	const started = performance.now();
	const certificate = prove(content, id, {
		score: scoreForProof,
		seeds,
		progress: (text) => console.log(`  ${text}`),
	});
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	if (!certificate.holds) failed++;
	const broken = certificate.claims.filter((claim) => !claim.holds).length;
	console.log(
		certificate.holds
			? `  PROVED version ${certificate.version}: ${certificate.claims.length} claims, ${seconds} s, fingerprint ${certificate.fingerprint.slice(0, 16)}`
			: `  NOT PROVED: ${broken} of ${certificate.claims.length} claims do not hold, ${seconds} s`,
	);
}
console.log(`\n${ids.length - failed} of ${ids.length} scenarios proved`);
process.exit(failed > 0 ? 1 : 0);
