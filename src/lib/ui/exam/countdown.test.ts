import { expect, test } from 'vitest';
import { countdownText } from './countdown.ts';

test('hours appear only when there are any, and time does not run below zero', () => {
	expect(countdownText(170 * 60)).toBe('2:50:00');
	expect(countdownText(3_599)).toBe('59:59');
	expect(countdownText(7)).toBe('0:07');
	expect(countdownText(-3)).toBe('0:00');
});
