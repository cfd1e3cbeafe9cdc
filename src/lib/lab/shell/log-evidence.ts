/**
 * What a log says, as facts. Only lines that a person has before them count, and only what would be
 * evidence for a cause.
 */

interface LogPattern {
	readonly pattern: RegExp;
	readonly evidence: (groups: readonly (string | undefined)[]) => string[];
}

const PATTERNS: readonly LogPattern[] = [
	{
		pattern: /calling=(\S+) called=(\S+): rejected (\d\/\d\/\d)/,
		evidence: ([calling = '', called = '', code = '']) => [
			`rejected ${code}`,
			`rejected ${code} calling ${calling} called ${called}`,
		],
	},
	{
		pattern: /\bC-(?:STORE|FIND|MOVE)\b.*?\b(A7\d\d|A80\d|A900|B000|C[0-9A-F]{3}|01\d\d|02\d\d)\b/,
		evidence: ([status = '']) => [`status ${status}`],
	},
	{ pattern: /: 0124\b/, evidence: () => ['status 0124'] },
	{
		pattern: /result (\d), source (\d), reason (\d)/,
		evidence: (g) => [`rejected ${g.join('/')}`],
	},
	{ pattern: /purge: job is disabled/, evidence: () => ['purge disabled'] },
	{ pattern: /connection (timed out|refused)/i, evidence: ([how = '']) => [`connection ${how}`] },
	{ pattern: /No space left/i, evidence: () => ['no space left'] },
	{ pattern: /sub-association to .* failed/, evidence: () => ['move destination not reached'] },
	{ pattern: /unknown destination/, evidence: () => ['move destination unknown'] },
	{ pattern: /could not be resolved/, evidence: () => ['name not resolved'] },
	{ pattern: /host unreachable/i, evidence: () => ['host unreachable'] },
];

/** The evidence in some lines, each piece once, in order of appearance. */
function logEvidence(lines: readonly string[]): string[] {
	const found = new Set<string>();
	for (const line of lines) {
		for (const { pattern, evidence } of PATTERNS) {
			const match = pattern.exec(line);
			if (match) for (const piece of evidence(match.slice(1))) found.add(piece);
		}
	}
	return [...found];
}

/** `log pacs archive: contains rejected 1/1/3` for each piece of evidence in the lines shown. */
export function logFacts(hostId: string, logPath: string, lines: readonly string[]): string[] {
	const subject = `log ${hostId} ${logName(logPath)}`;
	return logEvidence(lines).map((piece) => `${subject}: contains ${piece}`);
}

/** `archive` of `/var/log/archive/pacs.log`. */
function logName(path: string): string {
	const parts = path.split('/').filter((part) => part !== '');
	const folder = parts.at(-2);
	return folder === undefined || folder === 'log'
		? (parts.at(-1) ?? path).replace(/\.log$/, '')
		: folder;
}

/** Facts of an earlier command in a pipe: those about logs count only when the last one lets them through. */
export function factsStillShown(facts: readonly string[], shown: readonly string[]): string[] {
	const evidence = new Set(logEvidence(shown));
	return facts.filter((fact) => {
		const contains = fact.startsWith('log ') ? fact.indexOf(': contains ') : -1;
		return contains < 0 || evidence.has(fact.slice(contains + ': contains '.length));
	});
}
