import { decodeDns, encodeDns, reverseName, type DnsType } from '#lib/protocol/wire/dns.ts';
import type { DatagramService } from './udp-stack.ts';

export const DNS_PORT = 53;
const TIME_TO_LIVE_SECONDS = 3_600;

interface NameRecord {
	name: string;
	address: string;
}

/** A DNS zone, which may change at any time. Names compare without regard to case and a final dot. */
export class NameZone {
	/** Forward records. The first of a name answers. */
	records: NameRecord[];
	/** Reverse records; like the forward ones unless changed. */
	reverseRecords: NameRecord[];
	/** False makes the service answer SERVFAIL. */
	healthy = true;

	constructor(records: readonly NameRecord[]) {
		this.records = records.map((record) => ({ ...record }));
		this.reverseRecords = records.map((record) => ({ ...record }));
	}

	find(name: string, type: DnsType): string | undefined {
		const wanted = canonicalName(name);
		if (type === 'A') {
			return this.records.find((record) => canonicalName(record.name) === wanted)?.address;
		}
		return this.reverseRecords.find((record) => reverseName(record.address) === wanted)?.name;
	}

	/** Answers DNS queries from this zone; what is no query is ignored. */
	readonly service: DatagramService = (payload) => {
		const query = decodeDns(payload);
		if (!query || query.response) return undefined;
		const found = this.healthy ? this.find(query.name, query.type) : undefined;
		return encodeDns({
			...query,
			response: true,
			code: !this.healthy ? 'server-failure' : found === undefined ? 'not-found' : 'no-error',
			answers: found === undefined ? [] : [found],
			timeToLiveSeconds: TIME_TO_LIVE_SECONDS,
		});
	};
}

export function canonicalName(name: string): string {
	return name.toLowerCase().replace(/\.$/, '');
}
