/** Named characters that question files use, as `name character` pairs. */
const NAMED = new Map(
	`amp & lt < gt > quot " apos ' nbsp \u00a0 ndash – mdash — hellip … lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” bdquo „
	laquo « raquo » deg ° micro µ mu μ times × divide ÷ plusmn ± minus − middot · bull • rarr → larr ← harr ↔ uarr ↑
	darr ↓ le ≤ ge ≥ ne ≠ asymp ≈ infin ∞ sum ∑ radic √ euro € pound £ cent ¢ yen ¥ copy © reg ® trade ™ sect § para ¶
	sup1 ¹ sup2 ² sup3 ³ frac12 ½ frac14 ¼ frac34 ¾ alpha α beta β gamma γ delta δ lambda λ pi π sigma σ omega ω Delta Δ
	Omega Ω agrave à aacute á acirc â atilde ã auml ä aring å aelig æ ccedil ç egrave è eacute é ecirc ê euml ë igrave ì
	iacute í icirc î iuml ï ntilde ñ ograve ò oacute ó ocirc ô otilde õ ouml ö oslash ø ugrave ù uacute ú ucirc û uuml ü
	szlig ß Agrave À Aacute Á Acirc Â Auml Ä Aring Å AElig Æ Ccedil Ç Egrave È Eacute É Ecirc Ê Ntilde Ñ Oacute Ó Ouml Ö
	Oslash Ø Uacute Ú Uuml Ü thinsp \u2009 ensp \u2002 emsp \u2003 zwnj \u200c shy \u00ad`
		.split(/[ \t\n]+/)
		.reduce<[string, string][]>((pairs, word, i, words) => {
			if (i % 2 === 0) pairs.push([word, words[i + 1] ?? '']);
			return pairs;
		}, []),
);

const REFERENCE =
	/&(?:#x(?<hex>[0-9a-f]{1,6})|#(?<decimal>\d{1,7})|(?<name>[a-z][a-z0-9]{1,9}));/gi;

/** Decodes character references of HTML; unknown ones stay as they are written. */
export function decodeEntities(text: string): string {
	return text.replace(REFERENCE, (whole, ...rest) => {
		const { hex, decimal, name } = rest.at(-1) as Record<string, string | undefined>;
		if (name !== undefined) return NAMED.get(name) ?? whole;
		const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
		const isCharacter = code >= 0x20 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
		return isCharacter || code === 9 || code === 10 ? String.fromCodePoint(code) : '\ufffd';
	});
}
