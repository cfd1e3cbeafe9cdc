import type { ConnectFailure } from '#lib/network/tcp-stack.ts';

/** A failed connect in the words of Linux; a firewall's "prohibited" (ICMP 3/13) reads like a missing route. */
export function connectText(failure: ConnectFailure): string {
	switch (failure.kind) {
		case 'refused':
			return 'Connection refused';
		case 'timeout':
			return 'Connection timed out';
		case 'unreachable':
			return failure.scope === 'network' ? 'Network is unreachable' : 'No route to host';
		case 'prohibited':
			return 'No route to host';
	}
}
