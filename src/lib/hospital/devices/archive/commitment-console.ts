import type {
	OperationDeclaration,
	SettingDeclaration,
	TableDeclaration,
} from '../../define-device.ts';
import { clockText } from '../console-text.ts';
import type { Archive } from './archive.ts';
import type { CommitmentTransaction } from './commitment.ts';

const TONE: Record<CommitmentTransaction['state'], 'neutral' | 'good' | 'bad'> = {
	open: 'neutral',
	reported: 'good',
	refused: 'bad',
	'given-up': 'bad',
};

/** The part of the archive's console about storage commitment. */
export const commitmentSettings: SettingDeclaration<Archive>[] = [
	{
		id: 'commitment-same-association',
		label: 'Report on the association of the request while it is open',
		group: 'Storage commitment',
		kind: 'boolean',
		help: 'When off, or when the requestor has closed it, the archive opens an association to the requestor.',
		minutes: 1,
		read: (archive) => archive.config.commitmentOnSameAssociation,
		write: (archive, value) => void (archive.config.commitmentOnSameAssociation = value === true),
	},
	{
		id: 'commitment-attempts',
		label: 'Tries to report a result',
		group: 'Storage commitment',
		kind: 'integer',
		minimum: 1,
		maximum: 50,
		help: 'The pause between them doubles, from one minute up to an hour.',
		minutes: 1,
		read: (archive) => archive.config.commitmentAttempts,
		write: (archive, value) => void (archive.config.commitmentAttempts = Number(value)),
	},
];

export const commitmentTable: TableDeclaration<Archive> = {
	id: 'commitments',
	title: 'Storage commitment',
	columns: [
		{ id: 'time', label: 'Asked', mono: true },
		{ id: 'requestor', label: 'Requestor', mono: true },
		{ id: 'instances', label: 'Images', align: 'end' },
		{ id: 'result', label: 'Result' },
		{ id: 'state', label: 'Report' },
		{ id: 'attempts', label: 'Tries', align: 'end' },
		{ id: 'error', label: 'Last error' },
	],
	emptyText: 'Nobody has asked for storage commitment.',
	rows: (archive) =>
		[...archive.commitments.transactions].reverse().map((transaction, index, all) => ({
			// A requestor may use a Transaction UID twice.
			id: isRepeated(all, transaction)
				? `${transaction.transactionUid}/${all.length - index}`
				: transaction.transactionUid,
			cells: {
				time: clockText(transaction.requestedUs),
				requestor: transaction.requestor,
				instances: String(transaction.references.length),
				result: transaction.result,
				state: transaction.state,
				attempts: String(transaction.attempts),
				error: transaction.lastError,
			},
			tone:
				transaction.state === 'open' && transaction.lastError !== ''
					? 'warning'
					: TONE[transaction.state],
		})),
};

function isRepeated(
	all: readonly CommitmentTransaction[],
	{ transactionUid, refusal }: CommitmentTransaction,
): boolean {
	return refusal === 0x0131 && all.some((one) => one.transactionUid === transactionUid);
}

export const commitmentOperation: OperationDeclaration<Archive> = {
	id: 'report-commitment',
	label: 'Report again',
	minutes: 0.2,
	effect: 'work',
	table: 'commitments',
	*run(archive, { row }) {
		return archive.commitments.reportAgain(row ?? '')
			? { text: 'The result is reported again.' }
			: { text: 'This result is still on its way, or it is not known.', refused: true };
	},
};
