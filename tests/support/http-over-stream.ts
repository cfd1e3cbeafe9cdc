import { exchange, type ExchangeResult } from '#lib/hospital/web/http-client.ts';
import type { World } from '#lib/hospital/world.ts';
import type { Process } from '#lib/kernel/process.ts';
import type { HttpField } from '#lib/protocol/http/message.ts';
import { run } from '../simulation/community-world.ts';

export interface Asked {
	method?: string;
	fields?: HttpField[];
	body?: Uint8Array;
}

export interface Answered {
	status: number;
	field(name: string): string | undefined;
	bytes: Uint8Array;
	text: string;
	ended: ExchangeResult['ended'];
}

/** One request from the PACS desk to the archive's web service, over the virtual network. */
export function ask(world: World, target: string, asked: Asked = {}): Answered {
	const { method = 'GET', fields = [], body } = asked;
	const result = run(world, talk());
	const bytes = new Uint8Array(Buffer.concat(result.body));
	return {
		status: result.head?.status ?? 0,
		field: (name) =>
			result.head?.fields.find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1],
		bytes,
		text: new TextDecoder().decode(bytes),
		ended: result.ended,
	};

	function* talk(): Process<ExchangeResult> {
		const stream = yield* world.host('admin').connect({ address: '10.20.20.10', port: 8042 });
		if (stream.kind !== 'connected') throw new Error(stream.kind);
		const all: HttpField[] = [['Host', 'pacs:8042'], ...fields];
		if (body) all.push(['Content-Length', String(body.length)]);
		const request = { method, target, fields: all, body: body ? [body] : [] };
		const result = yield* exchange(world.kernel, stream, request, Infinity);
		if (stream.open) stream.close();
		return result;
	}
}
