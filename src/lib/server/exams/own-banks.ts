import { randomUUID } from 'node:crypto';
import type { ImportFormat, Imported } from '#lib/exam/interop/draft.ts';
import { exportItems, type ExportFormat, type Exported } from '#lib/exam/interop/export-items.ts';
import { importFile } from '#lib/exam/interop/import-file.ts';
import { ownItemSchema } from '#lib/exam/interop/own-item-schema.ts';
import type { Item } from '#lib/exam/item/item-schema.ts';
import type { OwnBank } from '#lib/ui/exam-data.ts';
import { NotFound } from '../attempts/errors.ts';
import { inTransaction } from '../db/connection.ts';
import type { Database } from '../db/open.ts';
import {
	deleteOwnBank,
	findOwnBank,
	insertOwnBank,
	listOwnBanks,
	listOwnItemBodies,
	listOwnItemTitles,
} from '../db/own-bank-store.ts';
import type { OwnItemRow } from '../db/own-bank-store.ts';
import type { OwnBanks } from './content.ts';

/** So many collections a user can have. */
const BANKS_MAX = 40;

const FORMAT_NAMES: Record<ImportFormat, string> = {
	...{ gift: 'GIFT', aiken: 'Aiken', 'moodle-xml': 'Moodle XML', qti: 'QTI' },
};

/** A file that was read, not kept yet. */
export interface ReadBank {
	/** What the bank will be called by, if it is kept. */
	id: string;
	/** For people. */
	format: string;
	imported: Imported;
}

/** The questions that users brought themselves. Nobody sees or touches those of others. */
export class OwnBankService implements OwnBanks {
	readonly #db: Database;
	readonly #now: () => Date;

	constructor({ db, now }: { db: Database; now: () => Date }) {
		this.#db = db;
		this.#now = now;
	}

	/** Reads a file; nothing is kept, and nothing is thrown whatever its bytes. */
	read(bytes: Uint8Array, file: { name: string; format: ImportFormat | 'auto' }): ReadBank {
		const id = randomUUID();
		const created = this.#now().toISOString().slice(0, 10);
		const imported = importFile(bytes, { ...file, objective: `own.${id}`, created });
		const format = imported.format === null ? 'no known format' : FORMAT_NAMES[imported.format];
		return { id, format, imported };
	}

	/** Keeps what was taken over as a bank of the user; all of it has reached the disk when it returns. */
	keep(
		userId: string,
		{ id, format, imported }: ReadBank,
		title: string,
	): { kept: { id: string; title: string } } | { refused: string } {
		const items = imported.accepted.map(({ item, title: itemTitle }, position): OwnItemRow => {
			const body = ownItemSchema.parse(item);
			const { id: itemId, type } = body;
			return { bankId: id, position, itemId, type, title: itemTitle, body };
		});
		return inTransaction(this.#db, (tx) => {
			if (listOwnBanks(tx, userId).length >= BANKS_MAX) {
				const refused = `You have ${BANKS_MAX} collections. Delete one to make room.`;
				return { refused };
			}
			insertOwnBank(tx, { id, userId, title, format, createdAt: this.#now() }, items);
			return { kept: { id, title } };
		});
	}

	list(userId: string): { id: string; title: string; items: number }[] {
		return listOwnBanks(this.#db, userId).map(({ id, title, items }) => ({ id, title, items }));
	}

	/** A user's banks with the names of their questions, newest first. */
	page(userId: string): OwnBank[] {
		const items = Map.groupBy(listOwnItemTitles(this.#db, userId), ({ bankId }) => bankId);
		return listOwnBanks(this.#db, userId).map(({ id, title, format, createdAt }) => ({
			...{ id, title, format, createdAt: createdAt.toISOString() },
			items: (items.get(id) ?? []).map((item) => {
				return { id: item.itemId, type: item.type, title: item.title };
			}),
		}));
	}

	open(userId: string, bankId: string): { title: string; items: readonly Item[] } | undefined {
		const bank = findOwnBank(this.#db, userId, bankId);
		if (!bank) return undefined;
		const items = listOwnItemBodies(this.#db, bankId).map((body) => ownItemSchema.parse(body));
		return { title: bank.title, items };
	}

	/** Throws NotFound. Sessions that asked its questions keep them. */
	delete(userId: string, bankId: string): void {
		if (!deleteOwnBank(this.#db, userId, bankId)) throw noBank();
	}

	/** A bank as a file for other programs. Throws NotFound. */
	export(userId: string, bankId: string, format: ExportFormat): Exported & { name: string } {
		const bank = this.open(userId, bankId);
		if (!bank) throw noBank();
		const { title, items } = bank;
		const makeExhibit = () => ({ problem: 'own questions have no exhibits' });
		const made = exportItems(items, { format, title, makeExhibit, seeds: ['0'] });
		return { ...made, name: fileName(title) + made.extension };
	}
}

function noBank(): NotFound {
	return new NotFound('There is no such collection.');
}

/** A title as a name that every system takes. */
function fileName(title: string): string {
	const plain = title.normalize('NFKD').replace(/\p{M}/gu, '');
	const words = plain.toLowerCase().match(/[a-z0-9]+/g) ?? [];
	return words.join('-').slice(0, 60) || 'questions';
}
