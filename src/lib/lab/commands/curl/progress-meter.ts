/** The progress meter of curl, as it looks when a transfer has ended. */

/** The two lines above. */
export const METER_HEADER = [
	'  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current',
	'                                 Dload  Upload   Total   Spent    Left  Speed',
	'',
].join('\n');

interface Transfer {
	downloadedBytes: number;
	uploadedBytes: number;
	/** undefined: not known. */
	expectedBytes: number | undefined;
	elapsedUs: number;
}

/** Before anything has been transferred. */
export const NO_TRANSFER: Transfer = {
	downloadedBytes: 0,
	uploadedBytes: 0,
	expectedBytes: undefined,
	elapsedUs: 0,
};

/** Percent and size of all, received and sent; speeds; times; the speed of late. */
export function meterRow(transfer: Transfer): string {
	const { downloadedBytes, uploadedBytes, expectedBytes, elapsedUs } = transfer;
	const downloadBytes = expectedBytes ?? downloadedBytes;
	const totalBytes = downloadBytes + uploadedBytes;
	const speed = (bytes: number): number =>
		elapsedUs === 0 ? 0 : Math.floor((bytes * 1e6) / elapsedUs);
	const moved = downloadedBytes + uploadedBytes;
	const spent = Math.floor(elapsedUs / 1e6);
	const average = speed(moved);
	const total = expectedBytes !== undefined && average > 0 ? Math.floor(totalBytes / average) : 0;
	const recent =
		moved === 0 ? 0 : Math.floor((moved * 1e3) / Math.max(1, Math.floor(elapsedUs / 1e3)));
	const share = (part: number, whole: number): string =>
		String(whole > 0 ? Math.floor((part * 100) / whole) : 0).padStart(3);
	return [
		`${share(moved, totalBytes)} ${size(totalBytes)}`,
		`${share(downloadedBytes, downloadBytes)} ${size(downloadedBytes)}`,
		`${share(uploadedBytes, uploadedBytes)} ${size(uploadedBytes)}`,
		`${size(speed(downloadedBytes))}  ${size(speed(uploadedBytes))} ${time(total)} ${time(spent)} ${time(Math.max(0, total - spent))} ${size(recent)}`,
	].join('  ');
}

/** Five characters, in powers of 1024. */
function size(bytes: number): string {
	const K = 1024;
	const M = K * K;
	const G = M * K;
	const tenths = (unit: number): string =>
		`${String(Math.floor(bytes / unit)).padStart(2)}.${Math.floor((bytes % unit) / (unit / 10))}`;
	if (bytes < 100_000) return String(bytes).padStart(5);
	if (bytes < 10_000 * K) return `${String(Math.floor(bytes / K)).padStart(4)}k`;
	if (bytes < 100 * M) return `${tenths(M)}M`;
	if (bytes < 10_000 * M) return `${String(Math.floor(bytes / M)).padStart(4)}M`;
	return `${tenths(G)}G`;
}

function time(seconds: number): string {
	if (seconds <= 0) return '--:--:--';
	const two = (value: number): string => String(value).padStart(2, '0');
	const hours = String(Math.floor(seconds / 3_600)).padStart(2);
	return `${hours}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
