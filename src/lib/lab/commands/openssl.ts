import { defineCommand } from '../define-command.ts';
import { sClient } from './openssl/s-client.ts';
import { showCertificate } from './openssl/x509.ts';
import { complaint } from './peers.ts';

export const openssl = defineCommand({
	name: 'openssl',
	synopsis: 'openssl s_client -connect host:port [option]... | openssl x509 -in file [option]...',
	summary: 'try a TLS handshake, or read a certificate',
	details: [
		's_client prints the chain that the server sent, what is wrong with it, and the alert if there is one. It',
		'speaks TLS 1.2 and hangs up after the handshake, as with </dev/null. Without -CAfile it knows no authority;',
		'without -verify_return_error it goes on after a problem.',
		'Options of s_client: -CAfile file, -cert file, -key file, -servername name, -verify_hostname name,',
		'-verify_return_error, -showcerts. Options of x509: -noout, -text, -dates, -subject, -issuer, -serial.',
	].join('\n'),
	*run(context, args) {
		const [program = '', ...rest] = args;
		if (program === 's_client') return yield* sClient(context, rest);
		if (program === 'x509') return showCertificate(context, rest);
		return complaint(`Invalid command '${program}'; type "help" for a list.`);
	},
});
