/**
 * Our acceptor as a process of its own, as storescp is one: listens on a free port of 127.0.0.1, tells it to the
 * process that started it, and ends with that process.
 */
import { createServer, type AddressInfo } from 'node:net';
import { acceptOn } from './socket-association.ts';

const server = createServer(acceptOn);
server.listen(0, '127.0.0.1', () => {
	process.send?.((server.address() as AddressInfo).port);
});
process.on('disconnect', () => process.exit(0));
