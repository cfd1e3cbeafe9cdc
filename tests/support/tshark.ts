/** Wireshark's dissectors over a capture of this software, for the tests that need them. */
import { execFileSync } from 'node:child_process';

/** Whether tshark is there; says why a test is skipped where it is not. */
export function tsharkPresent(what: string): boolean {
	try {
		execFileSync('tshark', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		console.warn(`skipped: ${what} not checked against tshark, which is not installed`);
		return false;
	}
}

/** Ports of the community hospital that Wireshark does not know by itself. */
const PORTS = ['104,dicom', '11113,dicom', '2575,hl7', '2762,tls', '8042,http'].flatMap((port) => [
	'-d',
	`tcp.port==${port}`,
]);
const CHECKSUMS = ['ip', 'tcp', 'udp'].flatMap((p) => ['-o', `${p}.check_checksum:TRUE`]);

/** Without these the elements of DICOM data sets and the framing of MLLP are no fields. */
const DETAILS = ['-o', 'dicom.tag_tree:TRUE', '-o', 'hl7.display_llp:TRUE'];

/** Runs tshark on a capture file; its output in lines. */
export function tshark(path: string, ...args: string[]): string[] {
	return execFileSync(
		'tshark',
		['-N', 'n', ...CHECKSUMS, ...PORTS, ...DETAILS, '-r', path, ...args],
		{
			encoding: 'utf8',
			maxBuffer: 2 ** 28,
			timeout: 60_000,
			stdio: ['ignore', 'pipe', 'ignore'],
		},
	)
		.split('\n')
		.filter((line) => line !== '');
}

/** What one packet is to Wireshark: each field as text, several values joined by commas. */
export type Frame = Readonly<Record<string, string>>;

/** Decodes fields of every packet of a capture, in one pass. */
export function decodeFrames(path: string, fields: readonly string[]): Frame[] {
	const args = ['-T', 'fields', '-E', 'separator=/t', ...fields.flatMap((field) => ['-e', field])];
	return tshark(path, ...args).map((line) => {
		const values = line.split('\t');
		return Object.fromEntries(fields.map((field, i) => [field, values[i] ?? '']));
	});
}
