import { civilFromMicros, type CivilTime, type Micros } from '#lib/kernel/time.ts';
import { defineCommand } from '../define-command.ts';

const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] as const;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const DAY_US = 86_400_000_000;

export const date = defineCommand({
	name: 'date',
	synopsis: 'date [+format]',
	summary: "show this machine's clock",
	details:
		'The format knows %Y %m %d %H %M %S %F %T. Compare with another machine to find a wrong clock.',
	*run(context, args) {
		const us = context.os.clockUs();
		const civil = civilFromMicros(us);
		const [format] = args;
		if (format === undefined) return { text: longText(us, civil), exitCode: 0 };
		if (args.length > 1 || !format.startsWith('+')) {
			return {
				text: `date: invalid date '${format}' (setting the clock is not possible here)`,
				exitCode: 1,
			};
		}
		return {
			text: format
				.slice(1)
				.replace(/%([A-Za-z%])/g, (all, letter: string) => part(civil, letter) ?? all),
			exitCode: 0,
		};
	},
});

const two = (n: number): string => String(n).padStart(2, '0');

function longText(us: Micros, t: CivilTime): string {
	const weekday = WEEKDAYS[Math.floor(us / DAY_US) % 7] ?? '';
	const time = `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
	return `${weekday} ${MONTHS[t.month - 1] ?? ''} ${String(t.day).padStart(2)} ${time} ${t.year}`;
}

function part(t: CivilTime, letter: string): string | undefined {
	switch (letter) {
		case 'Y':
			return String(t.year);
		case 'm':
			return two(t.month);
		case 'd':
			return two(t.day);
		case 'H':
			return two(t.hour);
		case 'M':
			return two(t.minute);
		case 'S':
			return two(t.second);
		case 'F':
			return `${t.year}-${two(t.month)}-${two(t.day)}`;
		case 'T':
			return `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;
		case '%':
			return '%';
		default:
			return undefined;
	}
}
