import type { TcpStream } from './tcp-stream.ts';

/** What the protocols above need of a connection: TCP has it, and TLS on top of TCP. */
export type ByteStream = Pick<
	TcpStream,
	'local' | 'remote' | 'open' | 'read' | 'write' | 'close' | 'reset'
>;
