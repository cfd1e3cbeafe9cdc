import { expect, test } from 'vitest';
import { joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { deskFiles } from '../desk-files.ts';
import { smallHospital, type SmallHospital } from './small-hospital.fixture.ts';

/** DCMTK's tools against an archive with TLS: an RSA certificate, and one of the desk is required. */
function withTls(keyType: 'RSA-2048' | 'P-256' = 'RSA-2048'): SmallHospital {
	const small = smallHospital();
	const { archive, world } = small;
	Object.assign(archive.config.tls, { enabled: true, keyType });
	archive.stop();
	archive.start();
	for (const [path, bytes] of deskFiles(world)) world.system('admin').files.set(path, bytes);
	return small;
}

const IDENTITY = '+tls tls/desk.key tls/desk.pem';
const TRUST = '+cf tls/ca.pem';
const AS_DESK = '-aet PACSDESK -aec PACS1';
const FAILED = 'Association Request Failed:';
const UNVERIFIED = `${FAILED} 000b:0886 TLS error: certificate verify failed`;
const REFUSED = `${FAILED} 000b:0c10 TLS error: sslv3 alert handshake failure`;

/** The last warning of the archive about a handshake. */
function archiveSays({ archive, world }: SmallHospital): string {
	world.kernel.runUntil(world.kernel.nowUs + 1_000_000);
	return archive.logFile.lines.findLast((line) => line.includes('TLS handshake')) ?? '';
}

test('certificates on both sides: echo, find and store say what they say without TLS', () => {
	const { type } = withTls();
	const tls = `${AS_DESK} ${IDENTITY} ${TRUST} pacs 2762`;
	const plain = `${AS_DESK} pacs 104`;
	const keys = '-k QueryRetrieveLevel=STUDY -k PatientID=SYN00000018 -k StudyInstanceUID';
	for (const [program, file] of [
		['echoscu -v', ''],
		['storescu -v', 'test-image.dcm'],
		[`findscu -v -S ${keys}`, ''],
	]) {
		const secured = type(`${program} ${tls} ${file}`);
		expect(secured.exitCode).toBe(0);
		expect(secured.text).toContain('(Success)');
		expect(secured.text).toBe(type(`${program} ${plain} ${file}`).text);
	}
});

test.each<[string, string, string, string]>([
	['an unknown authority', `+tla`, UNVERIFIED, 'tlsv1 alert unknown ca'],
	['no certificate', `+tla ${TRUST}`, REFUSED, 'peer did not return a certificate'],
	['no certificate, believing anybody', '+tla -ic', REFUSED, 'peer did not return a certificate'],
])('%s: word for word, and what the archive logs', (_, options, words, logged) => {
	const small = withTls();
	const { type } = small;
	const echo = type(`echoscu ${AS_DESK} ${options} pacs 2762`);
	expect(echo).toMatchObject({ text: `F: ${words}`, exitCode: 1 });
	expect(archiveSays(small)).toContain(logged);
	const find = type(`findscu -S -k StudyInstanceUID ${AS_DESK} ${options} pacs 2762`);
	expect(find).toMatchObject({ text: `E: ${words}`, exitCode: 2 });
	const store = type(`storescu ${AS_DESK} ${options} pacs 2762 test-image.dcm`);
	expect(store).toMatchObject({ text: `F: ${words}`, exitCode: 1 });
});

test('-ic believes anybody, and the last of -ic and -rc counts', () => {
	const { type } = withTls();
	const echo = (options: string) => type(`echoscu ${AS_DESK} ${IDENTITY} ${options} pacs 2762`);
	expect(echo('-ic')).toMatchObject({ text: '', exitCode: 0 });
	expect(echo('-rc -ic').exitCode).toBe(0);
	expect(echo('-ic -rc').text).toBe(`F: ${UNVERIFIED}`);
	expect(echo('-ic').facts).toEqual(['echo PACS1 from admin as PACSDESK: success']);
	expect(echo('-rc').facts?.[0]).toContain('TLS alert 48 sent: unable to get local issuer');
});

test('an ECDSA certificate: no suite in common, until one is added', () => {
	const small = withTls('P-256');
	const { type } = small;
	const echo = `echoscu ${AS_DESK} ${IDENTITY} ${TRUST}`;
	expect(type(`${echo} pacs 2762`).text).toBe(`F: ${REFUSED}`);
	expect(archiveSays(small)).toContain('no shared cipher');
	const suite = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384';
	expect(type(`${echo} +cs ${suite} pacs 2762`)).toMatchObject({
		text: `W: Ciphersuite '${suite}' uses NO RSA key transport. RFC 7525 recommends that such cipher suites should not be used.`,
		exitCode: 0,
	});
	expect(type(`${echo} +cs ${suite} +cs TLS_RSA_WITH_RC4 pacs 2762`).text).toBe(
		'F: 0001:0007 Illegal call, perhaps wrong parameters',
	);
	expect(type(`${echo} +cs TLS_RSA_WITH_NULL_SHA pacs 2762`).lines).toEqual([
		"F: Unencrypted ciphersuite 'TLS_RSA_WITH_NULL_SHA' not permitted with security profile 'Non-downgrading BCP 195 TLS Profile'",
		'F: 000b:000a Ciphersuite not allowed in current DICOM security profile',
	]);
});

test('TLS against a plain port, and plain against the TLS port', () => {
	const small = withTls();
	const { type } = small;
	expect(type(`echoscu ${IDENTITY} ${TRUST} pacs 104`).text).toBe(
		`F: ${FAILED} 000b:090b TLS error: wrong version number`,
	);
	expect(type(`echoscu ${AS_DESK} pacs 2762`).text).toBe(
		`F: ${FAILED} 0006:0317 Peer aborted Association (or never connected)`,
	);
	expect(archiveSays(small)).toContain('wrong version number');
	expect(type(`echoscu ${IDENTITY} ${TRUST} pacs 2763`).text).toBe(
		`F: ${FAILED} 0006:031c TCP Initialization Error: Connection refused`,
	);
});

test('a port that never answers runs into the time-out of the socket', () => {
	const { type, world } = withTls();
	world.host('pacs').listen(4242);
	const { text, tookUs } = type('echoscu +tla -ic -ts 5 pacs 4242');
	expect(text).toBe(
		`F: ${FAILED} 000b:000b TLS read operation did not complete (SSL_ERROR_WANT_READ)`,
	);
	expect(Math.floor(tookUs / 1e6)).toBe(5);
});

test('-d shows what was agreed on, before the association', () => {
	const { type } = withTls();
	const { lines } = type(`echoscu -d ${AS_DESK} ${IDENTITY} ${TRUST} pacs 2762`);
	const from = lines.indexOf(
		'D: ================== BEGIN TLS CONNECTION DETAILS =================',
	);
	expect(lines[from - 1]).toBe('I: Requesting Association');
	expect(lines.slice(from + 1, from + 11)).toEqual([
		'D: Transport connection: TLS over TCP/IP',
		'D:   Protocol    : TLSv1.2',
		'D:   Ciphersuite : ECDHE-RSA-AES256-GCM-SHA384, encryption: 256 bits',
		'D: Peer X.509v3 Certificate',
		'D:   Subject     : /O=Small/CN=pacs',
		'D:   Issued by   : /O=Small/CN=Issuing CA',
		'D:   Serial no.  : -1',
		'D:   Validity    : not before Feb  7 07:40:00 2026 GMT, not after Feb  7 07:40:00 2027 GMT',
		'D:   Public key  : RSA, 2048 bits',
		'D: =================== END TLS CONNECTION DETAILS ==================',
	]);
});

test('files that are not there or not what they should be', () => {
	const { type } = withTls();
	const echo = (options: string) => type(`echoscu ${AS_DESK} ${options} pacs 2762`);
	const noFile = 'E: OpenSSL error 80000002: OpenSSL error';
	expect(echo('+tls nokey tls/desk.pem')).toMatchObject({
		lines: [noFile, "F: 000b:0004 Unable to load private TLS key from 'nokey'"],
		exitCode: 1,
	});
	expect(echo('+tls tls/ca.pem tls/desk.pem').lines).toEqual([
		'E: OpenSSL error 1e08010c: unsupported',
		"F: 000b:0004 Unable to load private TLS key from 'tls/ca.pem'",
	]);
	expect(echo('+tls tls/desk.key tls/ca.pem').lines).toEqual([
		"F: 000b:0006 Private key 'tls/desk.key' and certificate 'tls/ca.pem' do not match",
	]);
	expect(echo('+tls tls/desk.key tls/desk.key').lines).toEqual([
		'E: OpenSSL error 0480006c: no start line',
		"F: 000b:0006 Private key 'tls/desk.key' and certificate 'tls/desk.key' do not match",
	]);
	// The last file first, and the second complaint is what OpenSSL still had to say about the first.
	expect(echo(`${IDENTITY} +cf one +cf other`).lines).toEqual([
		noFile,
		"W: unable to load certificate file 'other', ignoring",
		'E: OpenSSL error 10000080: no such file',
		"W: unable to load certificate file 'one', ignoring",
		`F: ${UNVERIFIED}`,
	]);
	expect(echo(`${IDENTITY} +cf tls/desk.key`).lines[0]).toBe(
		'E: OpenSSL error 05800088: no certificate or crl found',
	);
	expect(type(`storescu -v +tls nokey x ${AS_DESK} pacs 2762 test-image.dcm`).lines).toEqual([
		'I: checking input files ...',
		noFile,
		"F: 000b:0004 Unable to load private TLS key from 'nokey'",
	]);
});

test.each([
	['echoscu -ic pacs 104', '--ignore-peer-cert only allowed with --enable-tls or --anonymous-tls'],
	['echoscu +cf a -rc pacs 104', '--require-peer-cert only allowed with'],
	['findscu -k StudyDate +cs a +cf b pacs 104', '--add-cert-file only allowed with'],
	['storescu +cs a pacs 104 test-image.dcm', '--cipher only allowed with'],
	['echoscu +tls a b -tls +cf c pacs 104', '--add-cert-file only allowed with'],
	['echoscu +tls a', 'Missing value for option --enable-tls'],
	['echoscu +tls a pacs 2762', 'Missing parameter port'],
	// DCMTK 3.6.7 gives these two no TLS.
	['movescu -S -k StudyInstanceUID +tla pacs 2762', 'Unknown option +tla'],
	['getscu -S -k StudyInstanceUID +tls a b pacs 2762', 'Unknown option +tls'],
])('%s is a usage error', (line, message) => {
	const { text, exitCode } = smallHospital().type(line);
	expect(text).toContain(`error: ${message}`);
	expect(exitCode).toBe(1);
});

test('a key and a certificate still count with +tla behind them', () => {
	const { type } = withTls();
	expect(type(`echoscu ${AS_DESK} ${IDENTITY} +tla ${TRUST} pacs 2762`).exitCode).toBe(0);
	expect(type(`echoscu ${AS_DESK} ${IDENTITY} -tls +tla ${TRUST} pacs 2762`).text).toBe(
		`F: ${REFUSED}`,
	);
});

test('no name is sent to the server, as DCMTK sends none', () => {
	const { type, world } = withTls();
	const sent: Uint8Array[] = [];
	const stop = world.kernel.trace.observe((event) => {
		if (Array.isArray(event['pieces'])) sent.push(joinBytes(event['pieces'] as Uint8Array[]));
	});
	type(`echoscu ${AS_DESK} ${IDENTITY} ${TRUST} pacs 2762`);
	stop();
	const hello = sent.find((bytes) => bytes[0] === 0x16 && bytes[5] === 1);
	expect(hello).toBeDefined();
	expect(new TextDecoder('latin1').decode(hello)).not.toContain('pacs');
});
