import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureAt } from '#lib/network/capture.ts';
import { writeCapture } from '#lib/network/capture-file.ts';
import { serviceTour, type ToldTour } from './service-tour.ts';
import { decodeFrames, type Frame } from './tshark.ts';

/** Where the tour is captured. */
export const HOSTS = ['pacs', 'ris', 'ct2', 'admin'] as const;
export type HostId = (typeof HOSTS)[number];

const FIELDS = [
	...['frame.time_epoch', 'ip.src_host', 'ip.dst_host', '_ws.col.Protocol', '_ws.col.Info'],
	...['_ws.malformed', '_ws.expert.severity'],
	...['ip.checksum.status', 'tcp.checksum.status', 'tcp.analysis.lost_segment', 'tcp.stream'],
	...['dicom.pdu.type', 'dicom.pctx.abss.syntax', 'dicom.userinfo.rolesel.scprole'],
	...['dicom.assoc.reject.result', 'dicom.assoc.reject.source', 'dicom.assoc.reject.reason'],
	...['dicom.assoc.abort.source', 'dicom.assoc.abort.reason', 'dicom.tag.value.str'],
	...['hl7.message.type', 'hl7.event.type', 'hl7.llp.sob', 'hl7.llp.eob', 'hl7.field'],
	...['http.request.method', 'http.request.uri', 'http.response.code', 'http.content_type'],
	...['tls.handshake.type', 'tls.handshake.ciphersuite', 'tls.alert_message.desc'],
];
/** The captures of a tour of all services, written by our own writer and read by Wireshark's dissectors. */
export class DecodedTour {
	readonly told: ToldTour = serviceTour();
	readonly #folder = mkdtempSync(join(tmpdir(), 'services-'));
	readonly #frames = new Map<HostId, Frame[]>();

	/** Everything that a host sent and received, from the first service to the last. */
	frames(host: HostId): Frame[] {
		const known = this.#frames.get(host);
		if (known) return known;
		const frames = decodeFrames(this.capture(host), FIELDS);
		this.#frames.set(host, frames);
		return frames;
	}

	/** Writes the capture of a host, of the whole tour or while one service was used; its path. */
	capture(host: HostId, service?: string): string {
		const { world, tour } = this.told;
		const path = join(this.#folder, `${host}-${service ?? 'all'}.pcapng`);
		const packets = captureAt(world.kernel.trace, host, service ? tour.get(service) : {});
		const hostNames = world.spec.names;
		writeFileSync(path, writeCapture(packets, { epochUs: world.epochUs, hostNames }));
		return path;
	}

	/** What a host saw of a protocol while a service was used, without the reading room's own queries. */
	seen(service: string, host: HostId, protocol: string): Frame[] {
		const { world, tour } = this.told;
		const window = tour.get(service);
		if (!window) throw new RangeError(service);
		return this.frames(host).filter((frame) => {
			const timeUs = Number(of(frame, 'frame.time_epoch')) * 1e6 - world.epochUs;
			const ends = [of(frame, 'ip.src_host'), of(frame, 'ip.dst_host')];
			return (
				of(frame, '_ws.col.Protocol').startsWith(protocol) &&
				timeUs >= window.fromUs &&
				timeUs <= window.toUs &&
				!ends.includes('ws1')
			);
		});
	}

	close(): void {
		rmSync(this.#folder, { recursive: true });
	}
}

/** A field of a frame, '' when it has none. */
export function of(frame: Frame | undefined, field: string): string {
	return frame?.[field] ?? '';
}

/** Frames as `host: what Wireshark says of it`, without fragments, and runs of the same thing once. */
export function linesOf(frames: readonly Frame[]): string[] {
	return frames
		.map((frame) => {
			const info = of(frame, '_ws.col.Info').replace('P-DATA, ', '').replace(/\s+/g, ' ').trim();
			return `${of(frame, 'ip.src_host')}: ${info}`;
		})
		.filter((line) => !line.endsWith(': PDV Fragment'))
		.filter((line, i, all) => line !== all[i - 1]);
}
