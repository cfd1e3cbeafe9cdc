/** Dots of one character: seven lines from the top, five bits each, the left dot highest. */
type Glyph = readonly number[];

/** `#` is a dot; lines from the top, separated by blanks. */
function glyph(picture: string): Glyph {
	return picture
		.split(' ')
		.map((line) => [...line].reduce((bits, dot) => bits * 2 + (dot === '#' ? 1 : 0), 0));
}

/** Only the characters that markers need. */
export const GLYPHS: Readonly<Record<string, Glyph>> = {
	'0': glyph('.###. #...# #..## #.#.# ##..# #...# .###.'),
	'1': glyph('..#.. .##.. ..#.. ..#.. ..#.. ..#.. .###.'),
	'2': glyph('.###. #...# ....# ..##. .#... #.... #####'),
	'3': glyph('.###. #...# ....# ..##. ....# #...# .###.'),
	'4': glyph('...#. ..##. .#.#. #..#. ##### ...#. ...#.'),
	'5': glyph('##### #.... ####. ....# ....# #...# .###.'),
	'6': glyph('..##. .#... #.... ####. #...# #...# .###.'),
	'7': glyph('##### ....# ...#. ..#.. .#... .#... .#...'),
	'8': glyph('.###. #...# #...# .###. #...# #...# .###.'),
	'9': glyph('.###. #...# #...# .#### ....# ...#. .##..'),
	A: glyph('.###. #...# #...# ##### #...# #...# #...#'),
	H: glyph('#...# #...# #...# ##### #...# #...# #...#'),
	L: glyph('#.... #.... #.... #.... #.... #.... #####'),
	M: glyph('#...# ##.## #.#.# #.#.# #...# #...# #...#'),
	N: glyph('#...# ##..# #.#.# #.#.# #..## #...# #...#'),
	O: glyph('.###. #...# #...# #...# #...# #...# .###.'),
	P: glyph('####. #...# #...# ####. #.... #.... #....'),
	R: glyph('####. #...# #...# ####. #.#.. #..#. #...#'),
	T: glyph('##### ..#.. ..#.. ..#.. ..#.. ..#.. ..#..'),
};
