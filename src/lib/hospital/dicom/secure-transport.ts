import type { Process } from '#lib/kernel/process.ts';
import type { Micros } from '#lib/kernel/time.ts';
import type { ByteStream } from '#lib/network/byte-stream.ts';
import { openTls, tlsFailureFact, type TlsOpened } from '#lib/network/tls-stream.ts';
import type { TlsPolicy } from '#lib/protocol/tls/policy.ts';
import type { DeviceWorld } from '../device.ts';
import { chanceOf } from '../security/chance.ts';

/** TLS below an association (PS3.15 annex B), from the side that connects. */
export interface SecureTarget {
	readonly policy: TlsPolicy;
	/** Name to ask the server for; not sent unless given. */
	readonly serverName?: string;
	/** How long the handshake may take; 30 s unless told otherwise. */
	readonly timeoutUs?: Micros;
}

/**
 * The TLS handshake of a host on a TCP connection, by that host's own clock. What came of it is recorded, with
 * the line of a key log file by which Wireshark decrypts a capture. When it fails, the TCP connection is closed.
 */
export function* secureTransport(
	world: DeviceWorld,
	hostId: string,
	tcp: ByteStream,
	side: { readonly role: 'client' | 'server' } & SecureTarget,
): Process<TlsOpened> {
	const opened = yield* openTls(world.kernel, tcp, {
		...side,
		clockUs: world.system(hostId).clockUs(),
		random: chanceOf(world.kernel.random(`tls of ${hostId}`)),
	});
	world.kernel.record('tls-handshake', {
		host: hostId,
		peerAddress: tcp.remote.address,
		role: side.role,
		outcome: opened.ok
			? `${opened.session.version} ${opened.session.cipherSuite.name}`
			: tlsFailureFact(opened.failure),
		...(opened.ok && { keyLogLine: opened.session.keyLogLine }),
	});
	return opened;
}
