/** The object identifiers that certificates of this project's world use, by their usual names. */
export const OID = {
	// RFC 5480
	ecPublicKey: '1.2.840.10045.2.1',
	secp256r1: '1.2.840.10045.3.1.7',
	secp384r1: '1.3.132.0.34',
	// RFC 5758
	ecdsaWithSha256: '1.2.840.10045.4.3.2',
	ecdsaWithSha384: '1.2.840.10045.4.3.3',
	ecdsaWithSha512: '1.2.840.10045.4.3.4',
	// RFC 8017
	rsaEncryption: '1.2.840.113549.1.1.1',
	sha256WithRsaEncryption: '1.2.840.113549.1.1.11',
	sha384WithRsaEncryption: '1.2.840.113549.1.1.12',
	sha512WithRsaEncryption: '1.2.840.113549.1.1.13',
	sha256: '2.16.840.1.101.3.4.2.1',
	sha384: '2.16.840.1.101.3.4.2.2',
	sha512: '2.16.840.1.101.3.4.2.3',
	// RFC 4519
	commonName: '2.5.4.3',
	countryName: '2.5.4.6',
	localityName: '2.5.4.7',
	stateOrProvinceName: '2.5.4.8',
	organizationName: '2.5.4.10',
	organizationalUnitName: '2.5.4.11',
	// RFC 5280
	subjectKeyIdentifier: '2.5.29.14',
	keyUsage: '2.5.29.15',
	subjectAltName: '2.5.29.17',
	basicConstraints: '2.5.29.19',
	authorityKeyIdentifier: '2.5.29.35',
	extKeyUsage: '2.5.29.37',
	serverAuth: '1.3.6.1.5.5.7.3.1',
	clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;
