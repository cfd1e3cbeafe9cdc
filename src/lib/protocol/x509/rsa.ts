/** RSASSA-PKCS1-v1_5 (RFC 8017 8.2) and the making of keys from chance that is passed in. */
import { concatBytes, DER, der, derOid, derSequence, sameBytes } from './der.ts';
import type { HashName } from './digest.ts';
import type { RandomBytes } from './random-bytes.ts';
import { OID } from './object-identifiers.ts';

/** Larger keys than any authority's are refused, as their arithmetic would take a peer's word for our time. */
const MODULUS_BYTES_MAX = 1024;
const EXPONENT_BYTES_MAX = 4;
const PADDING_BYTES_MIN = 8;
const PUBLIC_EXPONENT = 65_537n;
/** Errors of a random candidate of 1024 bits are below 2^-80 after so many rounds (FIPS 186-5 table B.1). */
const MILLER_RABIN_ROUNDS = 4;
const SIEVE_MAX = 16_384;

export interface RsaPublic {
	readonly modulus: Uint8Array;
	readonly exponent: Uint8Array;
}

/** The numbers of RSAPrivateKey in the order of RFC 8017 A.1.2, big-endian. */
export interface RsaPrivate extends RsaPublic {
	readonly privateExponent: Uint8Array;
	readonly prime1: Uint8Array;
	readonly prime2: Uint8Array;
	readonly exponent1: Uint8Array;
	readonly exponent2: Uint8Array;
	readonly coefficient: Uint8Array;
}

export function signRsaPkcs1(key: RsaPrivate, hash: HashName, digest: Uint8Array): Uint8Array {
	const sizeBytes = key.modulus.length;
	const encoded = encodedMessage(hash, digest, sizeBytes);
	if (!encoded) throw new RangeError(`a key of ${8 * sizeBytes} bits is too short to sign with`);
	const message = toBigInt(encoded);
	const p = toBigInt(key.prime1);
	const q = toBigInt(key.prime2);
	// By the Chinese remainder theorem (RFC 8017 5.1.2), four times as fast.
	const m1 = power(message % p, toBigInt(key.exponent1), p);
	const m2 = power(message % q, toBigInt(key.exponent2), q);
	const h = modulo((m1 - m2) * toBigInt(key.coefficient), p);
	return toBytes(m2 + q * h, sizeBytes);
}

export function verifyRsaPkcs1(
	key: RsaPublic,
	hash: HashName,
	digest: Uint8Array,
	signature: Uint8Array,
): boolean {
	const { modulus, exponent } = key;
	const sizeBytes = modulus.length;
	if (sizeBytes > MODULUS_BYTES_MAX || exponent.length > EXPONENT_BYTES_MAX) return false;
	if (signature.length !== sizeBytes || exponent.length === 0) return false;
	const n = toBigInt(modulus);
	const s = toBigInt(signature);
	if (s >= n) return false;
	const expected = encodedMessage(hash, digest, sizeBytes);
	const opened = toBytes(power(s, toBigInt(exponent), n), sizeBytes);
	return expected !== undefined && sameBytes(opened, expected);
}

/** A key of 2048 bits. Takes a tenth of a second or two, so make it when it is needed. */
export function generateRsa(random: RandomBytes): RsaPrivate {
	for (;;) {
		const p = randomPrime(random);
		const q = randomPrime(random);
		// Too near together they could be guessed (FIPS 186-5 A.1.3).
		if ((p > q ? p - q : q - p) >> 924n === 0n) continue;
		const order = (p - 1n) * (q - 1n);
		const d = inverse(PUBLIC_EXPONENT, order);
		return {
			modulus: toBytes(p * q, 256),
			exponent: toBytes(PUBLIC_EXPONENT, 3),
			privateExponent: toBytes(d, 256),
			prime1: toBytes(p, 128),
			prime2: toBytes(q, 128),
			exponent1: toBytes(d % (p - 1n), 128),
			exponent2: toBytes(d % (q - 1n), 128),
			coefficient: toBytes(inverse(q, p), 128),
		};
	}
}

/** EMSA-PKCS1-v1_5 (RFC 8017 9.2). */
function encodedMessage(
	hash: HashName,
	digest: Uint8Array,
	sizeBytes: number,
): Uint8Array | undefined {
	const algorithm = derSequence(derOid(OID[hash]), der(DER.null));
	const info = derSequence(algorithm, der(DER.octetString, digest));
	const paddingBytes = sizeBytes - info.length - 3;
	if (paddingBytes < PADDING_BYTES_MIN) return undefined;
	const padding = new Uint8Array(paddingBytes).fill(0xff);
	return concatBytes([Uint8Array.of(0, 1), padding, Uint8Array.of(0), info]);
}

/** A prime of 1024 bits whose two highest are set, so that the product of two has 2048. */
function randomPrime(random: RandomBytes): bigint {
	for (;;) {
		const bytes = random(128);
		bytes[0] = (bytes[0] ?? 0) | 0xc0;
		bytes[127] = (bytes[127] ?? 0) | 1;
		const start = toBigInt(bytes);
		const remainders = SMALL_PRIMES.map((prime) => Number(start % BigInt(prime)));
		// Nearby odd numbers, those with a small factor left out without a look at the number itself.
		for (let step = 0; step < 4_096; step += 2) {
			if (SMALL_PRIMES.some((prime, i) => ((remainders[i] ?? 0) + step) % prime === 0)) continue;
			const candidate = start + BigInt(step);
			if (candidate % PUBLIC_EXPONENT === 1n || candidate >> 1024n > 0n) continue;
			if (isProbablePrime(candidate, random)) return candidate;
		}
	}
}

const SMALL_PRIMES: readonly number[] = sieve(SIEVE_MAX);

function sieve(limit: number): number[] {
	const composite = new Uint8Array(limit);
	const primes: number[] = [];
	for (let n = 3; n < limit; n += 2) {
		if (composite[n]) continue;
		primes.push(n);
		for (let multiple = n * n; multiple < limit; multiple += 2 * n) composite[multiple] = 1;
	}
	return primes;
}

/** Miller-Rabin (FIPS 186-5 B.3.1). */
function isProbablePrime(n: bigint, random: RandomBytes): boolean {
	let odd = n - 1n;
	let twos = 0;
	for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
	for (let round = 0; round < MILLER_RABIN_ROUNDS; round++) {
		const base = 2n + (toBigInt(random(127)) % (n - 3n));
		let x = power(base, odd, n);
		if (x === 1n || x === n - 1n) continue;
		let witness = true;
		for (let i = 1; i < twos && witness; i++) {
			x = (x * x) % n;
			if (x === n - 1n) witness = false;
		}
		if (witness) return false;
	}
	return true;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
	let result = 1n;
	for (const bit of exponent.toString(2)) {
		result = (result * result) % modulus;
		if (bit === '1') result = (result * base) % modulus;
	}
	return result;
}

function modulo(value: bigint, modulus: bigint): bigint {
	const rest = value % modulus;
	return rest < 0n ? rest + modulus : rest;
}

/** The inverse by the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
	let [a, b] = [modulo(value, modulus), modulus];
	let [x, y] = [1n, 0n];
	while (b > 0n) {
		const quotient = a / b;
		[a, b] = [b, a - quotient * b];
		[x, y] = [y, x - quotient * y];
	}
	return modulo(x, modulus);
}

function toBigInt(bytes: Uint8Array): bigint {
	let hex = '';
	for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
	return BigInt(`0x${hex || '0'}`);
}

function toBytes(value: bigint, sizeBytes: number): Uint8Array {
	const hex = value.toString(16).padStart(2 * sizeBytes, '0');
	return Uint8Array.from({ length: sizeBytes }, (_, i) =>
		Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
	);
}
