import { LIMITS } from './limits.ts';

/** Bytes as text. Only UTF-8, with or without a byte order mark; line ends become `\n`. */
export function readText(bytes: Uint8Array): { text: string } | { problem: string } {
	if (bytes.length > LIMITS.fileBytes) {
		return { problem: `The file is larger than ${LIMITS.fileBytes / 1e6} MB.` };
	}
	const [first, second] = bytes;
	if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
		return { problem: 'The file is in UTF-16. Save it as UTF-8 and try again.' };
	}
	let text: string;
	try {
		text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return { problem: 'The file is not in UTF-8. Save it as UTF-8 and try again.' };
	}
	if (text.includes('\0')) return { problem: 'The file holds zero bytes, so it is no text.' };
	const declared = /^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.-]{1,40})["']/i.exec(text)?.[1];
	if (declared !== undefined && !/^(?:utf-?8|us-ascii|ascii)$/i.test(declared)) {
		return { problem: `The file says that it is in ${declared}. Save it as UTF-8 and try again.` };
	}
	if (text.trim() === '') return { problem: 'The file is empty.' };
	return { text: text.replace(/\r\n?/g, '\n') };
}
