import type { Page } from '@playwright/test';

export interface Received {
	url: string;
	/** Whether it is data of this candidate; programs and styles are the same for everybody. */
	data: boolean;
	body: string;
}

/** Keeps everything that the server sends to the page from now on. */
export function recordResponses(page: Page): { received: () => Promise<Received[]> } {
	const kept: Promise<Received | undefined>[] = [];
	page.on('response', (response) => {
		const url = response.url();
		if (response.status() >= 300 && response.status() < 400) return;
		const data = !/\.(js|css|svg|png|woff2)(\?|$)/.test(url);
		kept.push(
			response.body().then(
				(bytes) => ({ url, data, body: bytes.toString('utf8') }),
				() => undefined,
			),
		);
	});
	return {
		received: async () => (await Promise.all(kept)).filter((entry) => entry !== undefined),
	};
}

/** As a text may stand in a page: plain, in a JSON string, in HTML. */
export function spellings(secret: string): string[] {
	const html = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
	return [...new Set([secret, JSON.stringify(secret).slice(1, -1), html])];
}
