import { cEchoRequest } from '#lib/protocol/dicom/dimse/services.ts';
import { statusOf } from '#lib/protocol/dicom/dimse/status.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { defineCommand } from '../define-command.ts';
import { wholeNumber } from '../shell/option-parser.ts';
import { brokenExchange, openForTool, toolTraffic } from './dcmtk/open-association.ts';
import { responseText } from './dcmtk/response-text.ts';
import { secureSettings } from './dcmtk/tls-layer.ts';
import { readTlsOptions, TLS_HELP, TLS_OPTIONS } from './dcmtk/tls-options.ts';
import { readNetwork, readOptions, usageError } from './dcmtk/tool.ts';
import type { Traffic } from './peers.ts';

const SYNOPSIS = 'echoscu [-v] [-aet own-title] [-aec called-title] [-to seconds] peer port';
const TOOL = { name: 'echoscu', title: 'DICOM verification (C-ECHO) SCU', synopsis: SYNOPSIS };
const REPEAT_MAX = 20;
const FAILED_AFTER_ACCEPTANCE = 70;

export const echoscu = defineCommand({
	name: 'echoscu',
	synopsis: SYNOPSIS,
	summary: 'DICOM verification: ask a peer for a C-ECHO',
	details: [
		'Success is silent: use -v (or -d for the negotiation). Without options it calls itself ECHOSCU and the',
		'peer ANY-SCP, which few archives accept: give the titles that the archive knows with -aet and -aec.',
		'-to limits the wait for the connection, -ta (30 s) that for the answer to the association request.',
		TLS_HELP,
		'It offers suites for RSA certificates only: for others add +cs TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384.',
	].join('\n'),
	only: 'desk',
	*run(context, args) {
		const read = readOptions(TOOL, args, OPTIONS, true);
		if ('exitCode' in read) return read;
		const { options, log } = read;
		const network = readNetwork(TOOL, options, 'ECHOSCU');
		if ('exitCode' in network) return network;
		if (options.operands.length > 2) return usageError(TOOL, 'Too many parameters');
		const tls = readTlsOptions(TOOL, options);
		if (tls && 'exitCode' in tls) return tls;
		const repeatText = options.value('--repeat') ?? '1';
		const repeat = wholeNumber(repeatText, 1, REPEAT_MAX);
		if (repeat === undefined) {
			return usageError(TOOL, `Invalid value for option --repeat (${repeatText})`);
		}
		const settings = secureSettings(context, log, network, tls);
		if (!settings) return { text: log.text, exitCode: 1 };
		const { host, callingAeTitle, calledAeTitle } = settings;
		const finish = (exitCode: number, outcome: string, ended: Traffic['ended']) => ({
			text: log.text,
			exitCode,
			facts: [`echo ${calledAeTitle} from ${context.host.id} as ${callingAeTitle}: ${outcome}`],
			traffic: toolTraffic(context, host, ended),
		});
		const opened = yield* openForTool(context, log, settings, CONTEXTS, 'fatal');
		if (!opened.ok) return finish(1, opened.outcome, opened.ended);
		const { link } = opened;
		let status = 0;
		for (let i = 0; i < repeat; i++) {
			const messageId = link.connection.messageId();
			log.add('info', `Sending Echo Request (MsgID ${messageId})`);
			const answer = yield* link.request(UID.VerificationSOPClass, cEchoRequest({ messageId }));
			if (answer.kind !== 'response') {
				const { condition, peerAborted, outcome } = brokenExchange(answer, settings);
				log.add('error', `Echo Failed: ${condition}`);
				if (peerAborted) log.add('info', 'Peer Aborted Association');
				else {
					log.add('error', `Echo SCU Failed: ${condition}`);
					log.add('info', 'Aborting Association');
				}
				link.abort();
				return finish(peerAborted ? 0 : FAILED_AFTER_ACCEPTANCE, outcome, 'lost');
			}
			status = answer.command.Status ?? 0;
			log.add('info', `Received Echo Response (${statusOf('C-ECHO', status).dcmtkText})`);
			if (log.shows('debug')) log.add('debug', responseText('C-ECHO', answer.command));
		}
		log.add('info', 'Releasing Association');
		yield* link.release();
		const outcome =
			status === 0 ? 'success' : `failed ${status.toString(16).toUpperCase().padStart(4, '0')}`;
		return finish(0, outcome, 'answered');
	},
});

const OPTIONS = [{ names: ['--repeat'], value: true }, ...TLS_OPTIONS];

const CONTEXTS = [
	{ abstractSyntax: UID.VerificationSOPClass, transferSyntaxes: [UID.LittleEndianImplicit] },
];
