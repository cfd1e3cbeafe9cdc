/** Our certificates and our verdict on them against OpenSSL's `x509` and `verify`. */
import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { certificatePem } from '#lib/protocol/x509/certificate.ts';
import { certificateText } from '#lib/protocol/x509/describe-certificate.ts';
import { issue, issueEndEntity, type Credential } from '#lib/protocol/x509/issue-certificate.ts';
import { verifyCertificate } from '#lib/protocol/x509/verify-certificate.ts';
import {
	EXPIRED,
	FUTURE,
	LOCAL,
	missingOpenSsl,
	nowUs,
	OpenSsl,
	pki,
	strangers,
} from '../support/openssl.ts';

const missing = missingOpenSsl();
if (missing !== undefined) console.warn(`skipped: X.509 interop: ${missing}`);
const testWithOpenSsl = test.skipIf(missing !== undefined);

const DAY_US = 86_400 * 1e6;
const host = pki.host(LOCAL);
const openSsl = new OpenSsl();
afterAll(() => openSsl.close());

describe('OpenSSL | X.509 | verifier', () => {
	testWithOpenSsl('prints our certificates as we describe them', () => {
		const rsa = pki.host(LOCAL, { keyType: 'RSA-2048' });
		for (const { certificate } of [pki.root, pki.intermediate, host, rsa]) {
			const path = openSsl.file(certificatePem(certificate));
			const text = execFileSync('openssl', ['x509', '-in', path, '-noout', '-text'], {
				encoding: 'utf8',
			});
			expect(certificateText(certificate)).toBe(text.trimEnd());
		}
	});

	const selfSigned = issueEndEntity(
		{
			subject: [['CN', 'alone']],
			names: LOCAL,
			notBeforeUs: nowUs - DAY_US,
			notAfterUs: nowUs + DAY_US,
			purposes: ['serverAuth'],
		},
		pki.random,
	);
	const validity = { notBeforeUs: nowUs - DAY_US, notAfterUs: nowUs + DAY_US };
	const leafOf = (issuer: Credential): Credential =>
		issueEndEntity(
			{ ...validity, subject: [['CN', 'leaf']], names: LOCAL, purposes: ['serverAuth'] },
			pki.random,
			issuer,
		);
	const authority = (isAuthority: boolean, issuer: Credential, pathLength?: number): Credential =>
		issue(
			{ ...validity, subject: [['CN', `authority ${isAuthority}`]] },
			{
				basicConstraints: { isAuthority, ...(pathLength === undefined ? {} : { pathLength }) },
				...(isAuthority ? { keyUsage: ['keyCertSign' as const] } : {}),
			},
			pki.random,
			issuer,
		);
	const expiredAuthority = issue(
		{ ...EXPIRED, subject: [['CN', 'expired']] },
		{ basicConstraints: { isAuthority: true } },
		pki.random,
		pki.root,
	);
	const notAnAuthority = authority(false, pki.root);
	const tooDeep = authority(true, pki.intermediate);
	const forged = leafOf(pki.intermediate);
	const impostor: Credential = {
		key: forged.key,
		certificate: issue(
			{ ...validity, subject: [['CN', 'leaf']] },
			{
				authorityKeyIdentifier: pki.intermediate.certificate.extensions.subjectKeyIdentifier!,
			},
			pki.random,
			{ certificate: pki.intermediate.certificate, key: strangers.intermediate.key },
		).certificate,
	};

	testWithOpenSsl.each<[string, Credential, Credential[], Credential[], string[]]>([
		['good', host, [pki.intermediate], [pki.root], []],
		['without the intermediate', host, [], [pki.root], []],
		['without the root', host, [pki.intermediate], [], []],
		['root in the chain, not trusted', host, [pki.intermediate, pki.root], [], []],
		['intermediate trusted, root missing', host, [], [pki.intermediate], []],
		['self-signed', selfSigned, [], [], []],
		['self-signed and trusted', selfSigned, [], [selfSigned], []],
		['expired', pki.host(LOCAL, EXPIRED), [pki.intermediate], [pki.root], []],
		['not yet valid', pki.host(LOCAL, FUTURE), [pki.intermediate], [pki.root], []],
		['expired and unknown', pki.host(LOCAL, EXPIRED), [], [], []],
		['an expired intermediate', leafOf(expiredAuthority), [expiredAuthority], [pki.root], []],
		['an expired intermediate, root missing', leafOf(expiredAuthority), [expiredAuthority], [], []],
		['issued by no authority', leafOf(notAnAuthority), [notAnAuthority], [pki.root], []],
		['path too long', leafOf(tooDeep), [tooDeep, pki.intermediate], [pki.root], []],
		['forged', impostor, [pki.intermediate], [pki.root], []],
		[
			'for clients',
			pki.host(LOCAL, { purposes: ['clientAuth'] }),
			[pki.intermediate],
			[pki.root],
			[],
		],
		['for this name', host, [pki.intermediate], [pki.root], ['localhost']],
		['for another name', host, [pki.intermediate], [pki.root], ['pacs']],
		['for this address', host, [pki.intermediate], [pki.root], ['127.0.0.1']],
		['for another address', host, [pki.intermediate], [pki.root], ['10.0.0.1']],
		[
			'a wildcard',
			pki.host([{ kind: 'dns', value: '*.hospital.example' }]),
			[pki.intermediate],
			[pki.root],
			['pacs.hospital.example'],
		],
		[
			'a wildcard two labels deep',
			pki.host([{ kind: 'dns', value: '*.hospital.example' }]),
			[pki.intermediate],
			[pki.root],
			['a.pacs.hospital.example'],
		],
	])('finds the same problems as we do: %s', (_, leaf, sent, trusted, [name]) => {
		const bundle = (some: Credential[]): string => openSsl.certificateFile(...some);
		const ours = verifyCertificate({
			presented: [leaf.certificate, ...sent.map(({ certificate }) => certificate)],
			trusted: trusted.map(({ certificate }) => certificate),
			atUs: nowUs,
			purpose: 'serverAuth',
			...(name === undefined ? {} : { name }),
		});
		const isAddress = /^[\d.]+$/.test(name ?? '');
		const nameOption =
			name === undefined ? [] : [isAddress ? '-verify_ip' : '-verify_hostname', name];
		const args = [
			...['verify', '-no-CApath', '-no-CAstore', '-purpose', 'sslserver'],
			...(trusted.length > 0 ? ['-CAfile', bundle(trusted)] : ['-no-CAfile']),
			...(sent.length > 0 ? ['-untrusted', bundle(sent)] : []),
			...nameOption,
			bundle([leaf]),
		];
		let text: string;
		try {
			text = execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' });
		} catch (error) {
			text = (error as { stderr: string }).stderr;
		}
		const theirs = [...text.matchAll(/^error (\d+) at (\d+) depth lookup: (.*)$/gm)].map(
			([, number, depth, words]) => ({ number: Number(number), depth: Number(depth), text: words }),
		);
		// Its program stops at the first problem that is not one of time or of the authority.
		expect(ours.problems.slice(0, Math.max(1, theirs.length))).toEqual(theirs);
	});
});
