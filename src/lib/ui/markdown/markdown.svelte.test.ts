import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import Markdown from '../Markdown.svelte';

test('author text becomes elements', async () => {
	const screen = await render(Markdown, {
		text: '# What happened\n\nThe **called** AE was `PACS1`.\n\n- one\n- two\n\n[PS3.8](https://dicom.nema.org/)',
	});
	await expect
		.element(screen.getByRole('heading', { level: 3 }))
		.toHaveTextContent('What happened');
	await expect.element(screen.getByRole('link')).toHaveAttribute('href', 'https://dicom.nema.org/');
	expect(screen.container.querySelectorAll('li').length).toBe(2);
	expect(screen.container.querySelector('strong')?.textContent).toBe('called');
});

test('raw HTML stays text and dangerous links lose their address', async () => {
	const screen = await render(Markdown, {
		text: '<img src=x onerror="window.hit = 1"> and <b>bold</b>\n\n<script>window.hit = 1</script>\n\n[go](javascript:alert(1)) ![i](https://x.example/a.png)',
	});
	const { container } = screen;
	expect(container.querySelector('img, script, b, a')).toBeNull();
	expect(container.textContent).toContain('<b>');
	expect(container.textContent).toContain('onerror');
	expect(container.textContent).toContain('go');
	expect('hit' in window).toBe(false);
});
