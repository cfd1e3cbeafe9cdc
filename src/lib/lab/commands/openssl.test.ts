import { expect, test } from 'vitest';
import { deskFiles } from '../desk-files.ts';
import { smallHospital, type SmallHospital } from './small-hospital.fixture.ts';

/** The small hospital whose archive has opened its TLS port; what a client must show is given. */
function withTls(clientCertificate: 'none' | 'required' = 'none'): SmallHospital {
	const small = smallHospital();
	small.archive.config.tls.enabled = true;
	small.archive.config.tls.clientCertificate = clientCertificate;
	small.archive.stop();
	small.archive.start();
	for (const [path, bytes] of deskFiles(small.world)) {
		small.world.system('admin').files.set(path, bytes);
	}
	return small;
}

test('s_client shows the chain and that it is good', () => {
	const { type } = withTls();
	const { lines, exitCode, facts, traffic, text } = type(
		'openssl s_client -connect pacs:2762 -CAfile tls/ca.pem -verify_hostname pacs',
	);
	expect(lines.slice(0, 8)).toEqual([
		'CONNECTED(00000003)',
		'depth=2 O = Small, CN = Root CA',
		'verify return:1',
		'depth=1 O = Small, CN = Issuing CA',
		'verify return:1',
		'depth=0 O = Small, CN = pacs',
		'verify return:1',
		'---',
	]);
	expect(text).toContain(
		'   v:NotBefore: Feb  7 07:40:00 2026 GMT; NotAfter: Feb  7 07:40:00 2027 GMT',
	);
	expect(text).toContain('Verified peername: pacs');
	expect(text).toContain('New, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384');
	expect(lines.at(-1)).toBe('DONE');
	expect(exitCode).toBe(0);
	expect(facts).toEqual(['tls pacs:2762 from admin: verified']);
	expect(traffic).toEqual([{ path: ['admin', 'fw1', 'pacs'], ended: 'answered' }]);
});

test('without the authority it says so, and goes on', () => {
	const { type } = withTls();
	const { lines, exitCode, facts } = type('openssl s_client -connect pacs:2762');
	expect(lines).toContain('verify error:num=20:unable to get local issuer certificate');
	expect(lines).toContain('    Verify return code: 20 (unable to get local issuer certificate)');
	expect(exitCode).toBe(0);
	expect(facts).toEqual(['tls pacs:2762 from admin: unable to get local issuer certificate']);
});

test('a required certificate: without one the alert, with one the handshake', () => {
	const { type } = withTls('required');
	const refused = type('openssl s_client -connect pacs:2762 -CAfile tls/ca.pem');
	expect(refused.text).toContain('sslv3 alert handshake failure');
	expect(refused.text).toContain('SSL alert number 40');
	expect(refused.text).toContain('Acceptable client certificate CA names\nO = Small, CN = Root CA');
	expect(refused).toMatchObject({
		exitCode: 1,
		facts: ['tls pacs:2762 from admin: TLS alert 40 received'],
	});
	const accepted = type(
		'openssl s_client -connect pacs:2762 -CAfile tls/ca.pem -cert tls/desk.pem -key tls/desk.key',
	);
	expect(accepted).toMatchObject({ exitCode: 0, facts: ['tls pacs:2762 from admin: verified'] });
});

test('a port without TLS, a closed one and an unknown host', () => {
	const { type } = withTls();
	const plain = type('openssl s_client -connect pacs:104');
	expect(plain.text).toMatch(/wrong version number|unexpected eof/);
	expect(plain.exitCode).toBe(1);
	const closed = type('openssl s_client -connect pacs:2763');
	expect(closed.lines.at(-1)).toBe('connect:errno=111');
	expect(closed.facts).toEqual(['tls pacs:2763 from admin: refused']);
	const unknown = type('openssl s_client -connect nohost:443');
	expect(unknown.text).toContain('Name or service not known');
	expect(unknown.facts).toEqual(['tls nohost:443 from admin: name not found']);
});

test('a certificate that has expired shows its date, and the clock of the desk decides', () => {
	const { type, world } = withTls();
	world.system('admin').clockOffsetUs = 400 * 86_400 * 1e6;
	const { lines, exitCode } = type(
		'openssl s_client -connect pacs:2762 -CAfile tls/ca.pem -verify_return_error',
	);
	expect(lines).toContain('verify error:num=10:certificate has expired');
	expect(lines).toContain('notAfter=Feb  7 07:40:00 2027 GMT');
	expect(lines).toContain('no peer certificate available');
	expect(exitCode).toBe(1);
	world.kernel.runUntil(world.kernel.nowUs + 1_000_000);
	expect(world.device('pacs').logFile.lines.at(-1)).toContain('sslv3 alert certificate expired');
});

test('x509 reads the file of a host, and what a pipe brings', () => {
	const { type } = withTls();
	const dates = type('openssl x509 -in /etc/ssl/certs/pacs.pem -noout -dates -subject', 'pacs');
	expect(dates.lines).toEqual([
		'notBefore=Feb  7 07:40:00 2026 GMT',
		'notAfter=Feb  7 07:40:00 2027 GMT',
		'subject=O = Small, CN = pacs',
	]);
	const text = type('openssl s_client -connect pacs:2762 | openssl x509 -noout -text').text;
	expect(text).toContain('DNS:pacs, IP Address:10.20.20.10');
	expect(text).toContain('Issuer: O = Small, CN = Issuing CA');
});

test('complaints are those of OpenSSL', () => {
	const { type } = withTls();
	expect(type('openssl foo').text).toBe(`Invalid command 'foo'; type "help" for a list.`);
	expect(type('openssl s_client -foo').text).toBe(
		's_client: Unknown option: -foo\ns_client: Use -help for summary.',
	);
	expect(type('openssl s_client -connect').text).toContain('Option -connect needs a value');
	expect(type('openssl x509 -in nofile -noout').lines[0]).toBe(
		'Could not open file or uri for loading certificate from nofile',
	);
	expect(type('openssl x509 -in tls/desk.key -noout').lines).toEqual([
		'Could not read certificate from tls/desk.key',
		'Unable to load certificate',
	]);
	expect(type('openssl s_client -connect pacs:2762 -CAfile nofile').exitCode).toBe(1);
	const mixed = 'openssl s_client -connect pacs:2762 -cert tls/ca.pem -key tls/desk.key';
	expect(type(mixed).text).toContain('key values mismatch');
});
