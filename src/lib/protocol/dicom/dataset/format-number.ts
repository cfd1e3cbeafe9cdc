/**
 * Prints a number as DCMTK does for FL (9 digits) and FD (17 digits): like %g of C, but with digits
 * taken by repeated multiplication in double precision. Its rounding errors are visible in the last
 * digits, which is why this does not use `toPrecision`.
 */
export function formatNumber(value: number, significantDigits: number): string {
	if (Number.isNaN(value)) return 'nan';
	const sign = value < 0 ? '-' : '';
	const size = Math.abs(value);
	if (size === Infinity) return `${sign}inf`;
	if (size === 0) return '0';
	const whole = Math.trunc(size);
	const wholeDigits = whole === 0 ? '' : BigInt(whole).toString();
	const scientific =
		wholeDigits.length > significantDigits || (whole === 0 && size < 0.0001 && size > 0);
	const { digits, exponent } = decimalDigits(size - whole, wholeDigits, significantDigits);
	if (!scientific) return sign + positional(digits, exponent);
	const power = String(Math.abs(exponent)).padStart(2, '0');
	const rest = digits.slice(1);
	return `${sign}${digits[0]}${rest && `.${rest}`}e${exponent < 0 ? '-' : '+'}${power}`;
}

/** Significant digits without trailing zeros, and the power of ten of the first one. */
function decimalDigits(
	fraction: number,
	wholeDigits: string,
	significantDigits: number,
): { digits: string; exponent: number } {
	const digits = [...wholeDigits].map(Number);
	let exponent = digits.length - 1;
	let rest = fraction;
	while (digits.length <= significantDigits && rest !== 0) {
		rest *= 10;
		const digit = Math.trunc(rest);
		rest -= digit;
		if (digits.length === 0 && digit === 0) exponent -= 1;
		else digits.push(digit);
	}
	const roundUp = (digits[significantDigits] ?? 0) > 4;
	digits.length = Math.min(digits.length, significantDigits);
	if (roundUp) {
		let at = digits.length - 1;
		while (at >= 0 && digits[at] === 9) digits[at--] = 0;
		if (at >= 0) digits[at]! += 1;
		else {
			digits.unshift(1);
			exponent += 1;
		}
	}
	return { digits: digits.join('').replace(/0+$/, ''), exponent };
}

function positional(digits: string, exponent: number): string {
	if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
	const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
	const fraction = digits.slice(exponent + 1);
	return fraction === '' ? whole : `${whole}.${fraction}`;
}
