import { expect, test } from 'vitest';
import { encodeText } from './character-sets.ts';
import { guessCharacterSet } from './guess-character-set.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const PN = '\\^=';

test.each([
	['plain ASCII under any label', utf8('Doe^Jane'), []],
	['Latin 1 as labelled', encodeText('Böhm^Renée', ['ISO_IR 100'], PN), ['ISO_IR 100']],
	['UTF-8 as labelled', utf8('Böhm^山田'), ['ISO_IR 192']],
	['Kanji as labelled', encodeText('山田', ['', 'ISO 2022 IR 87'], PN), ['', 'ISO 2022 IR 87']],
	['Hangul as labelled', encodeText('홍', ['', 'ISO 2022 IR 149'], PN), ['', 'ISO 2022 IR 149']],
	['GB18030 as labelled', encodeText('王^小东', ['GB18030'], PN), ['GB18030']],
	['Cyrillic as labelled', encodeText('Иванов', ['ISO_IR 144'], PN), ['ISO_IR 144']],
] as const)('%s fits', (_, bytes, label) => {
	expect(guessCharacterSet(bytes, label)).toMatchObject({ fits: true });
	expect(guessCharacterSet(bytes, label)).not.toHaveProperty('likely');
});

test.each([
	['UTF-8 under Latin 1', utf8('Böhm'), ['ISO_IR 100'], 'BÃ¶hm', ['ISO_IR 192'], 'Böhm'],
	['UTF-8 without a label', utf8('Böhm'), [], 'B\ufffd\ufffdhm', ['ISO_IR 192'], 'Böhm'],
	['UTF-8 under GB18030', utf8('山田太郎'), ['GB18030'], undefined, ['ISO_IR 192'], '山田太郎'],
	[
		'Latin 1 under UTF-8',
		encodeText('Böhm', ['ISO_IR 100'], PN),
		['ISO_IR 192'],
		'B\ufffdhm',
		['ISO_IR 100'],
		'Böhm',
	],
	[
		'Latin 1 without a label',
		encodeText('Böhm', ['ISO_IR 100'], PN),
		[],
		'B\ufffdhm',
		['ISO_IR 100'],
		'Böhm',
	],
	['UTF-8 twice', utf8('BÃ¶hm'), ['ISO_IR 192'], 'BÃ¶hm', ['ISO_IR 192'], 'Böhm'],
	[
		'Kanji without a label',
		encodeText('山田', ['', 'ISO 2022 IR 87'], PN),
		[],
		'山田',
		['', 'ISO 2022 IR 87'],
		'山田',
	],
	[
		'Hangul under Latin 1',
		encodeText('홍', ['', 'ISO 2022 IR 149'], PN),
		['ISO_IR 100'],
		undefined,
		['ISO 2022 IR 100', 'ISO 2022 IR 149'],
		'홍',
	],
] as const)('%s is seen', (_, bytes, label, labelled, terms, text) => {
	const guess = guessCharacterSet(bytes, label);
	if (labelled !== undefined) expect(guess.labelled).toBe(labelled);
	expect(guess.fits).toBe(false);
	expect(guess.likely).toMatchObject({ terms, text });
	expect(guess.likely?.reason).toMatch(/^The |^Single /);
});

test('without evidence nothing is guessed', () => {
	// Greek bytes under a UTF-8 label: wrong, but no single other set can be told.
	const bytes = encodeText('Διονύσιος', ['ISO_IR 126'], PN);
	const guess = guessCharacterSet(bytes, ['ISO_IR 192']);
	expect(guess.fits).toBe(false);
	expect(guess.likely).toBeUndefined();
	// Single letters of another set under Latin 1 cannot be told from Latin 1.
	expect(guessCharacterSet(Uint8Array.of(0x57, 0xb3), ['ISO_IR 100']).fits).toBe(true);
});
