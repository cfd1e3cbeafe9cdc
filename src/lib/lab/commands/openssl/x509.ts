import { certificatePem, readPemCertificates } from '#lib/protocol/x509/certificate.ts';
import { certificateText, certificateTime } from '#lib/protocol/x509/describe-certificate.ts';
import { nameText } from '#lib/protocol/x509/distinguished-name.ts';
import type { CommandContext, CommandResult } from '../../define-command.ts';
import { complaint } from '../peers.ts';
import { cannotOpen, readOpenSslOptions, readText } from './tool.ts';

const FLAGS = [
	'-noout',
	'-text',
	'-dates',
	'-startdate',
	'-enddate',
	'-subject',
	'-issuer',
	'-serial',
];

/** `openssl x509`: shows the first certificate of a file. */
export function showCertificate(context: CommandContext, args: readonly string[]): CommandResult {
	const options = readOpenSslOptions('x509', args, [
		{ names: ['-in'], value: true },
		...FLAGS.map((name) => ({ names: [name] })),
	]);
	if ('exitCode' in options) return options;
	const path = options.value('-in');
	const text = path === undefined ? context.input?.join('\n') : readText(context, path);
	if (text === undefined && path !== undefined) {
		return complaint(`${cannotOpen('certificate', path)}\nUnable to load certificate`);
	}
	const [certificate] = readPemCertificates(text ?? '');
	if (!certificate) {
		return complaint(
			`Could not read certificate from ${path ?? '<stdin>'}\nUnable to load certificate`,
		);
	}
	const lines: string[] = [];
	// In the order in which they were asked for, as OpenSSL prints them.
	for (const option of args) {
		if (option === '-text') lines.push(certificateText(certificate));
		if (option === '-subject') lines.push(`subject=${nameText(certificate.subject)}`);
		if (option === '-issuer') lines.push(`issuer=${nameText(certificate.issuer)}`);
		if (option === '-serial') lines.push(`serial=${serialText(certificate.serialNumber)}`);
		if (option === '-dates' || option === '-startdate') {
			lines.push(`notBefore=${certificateTime(certificate.notBeforeUs)}`);
		}
		if (option === '-dates' || option === '-enddate') {
			lines.push(`notAfter=${certificateTime(certificate.notAfterUs)}`);
		}
	}
	if (!options.has('-noout')) lines.push(certificatePem(certificate).trimEnd());
	return { text: lines.join('\n'), exitCode: 0 };
}

function serialText(serial: Uint8Array): string {
	return Array.from(serial, (byte) => byte.toString(16).padStart(2, '0'))
		.join('')
		.toUpperCase();
}
