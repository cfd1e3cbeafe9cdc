/**
 * The address of an author's link when it may be followed: http, https, or relative to this site.
 * Anything else (`javascript:`, `data:`, protocol-relative, control characters) gives undefined.
 */
export function safeLink(href: string): string | undefined {
	const text = href.trim();
	// Browsers drop control characters inside an address, which can hide a scheme.
	// eslint-disable-next-line no-control-regex
	if (text === '' || /[\u0000-\u0020\\]/.test(text) || text.startsWith('//')) return undefined;
	if (/^https?:\/\//i.test(text)) return text;
	return /^[a-z][a-z0-9+.-]*:/i.test(text) ? undefined : text;
}
