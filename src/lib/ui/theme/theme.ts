/** The theme choice, kept in the browser only. `app.html` applies it before the first paint. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'theme';

/** The stored choice; `system` when there is none or storage is closed. */
export function storedTheme(): Theme {
	try {
		const stored = localStorage.getItem(KEY);
		return stored === 'light' || stored === 'dark' ? stored : 'system';
	} catch {
		return 'system';
	}
}

/** Shows the theme at once and remembers it where the browser allows. */
export function applyTheme(theme: Theme): void {
	if (theme === 'system') delete document.documentElement.dataset['theme'];
	else document.documentElement.dataset['theme'] = theme;
	try {
		if (theme === 'system') localStorage.removeItem(KEY);
		else localStorage.setItem(KEY, theme);
	} catch {
		// The choice then lasts as long as the page.
	}
}
