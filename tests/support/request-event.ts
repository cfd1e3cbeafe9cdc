import type { RequestEvent } from '@sveltejs/kit';
import type { App as PacsApp } from '#lib/server/app.ts';
import { validateSessionToken } from '#lib/server/auth/session.ts';

/** The cookies of one browser. */
export class CookieJar {
	readonly values = new Map<string, string>();
	readonly options = new Map<string, { secure?: boolean; httpOnly?: boolean }>();

	get(name: string): string | undefined {
		return this.values.get(name);
	}

	set(name: string, value: string, options: { secure?: boolean; httpOnly?: boolean }): void {
		this.values.set(name, value);
		this.options.set(name, options);
	}

	delete(name: string): void {
		this.values.delete(name);
	}
}

/** A request as Kit hands it to a handler, with the user that the hook would find. */
export async function requestEvent<E = RequestEvent>(
	app: PacsApp,
	jar: CookieJar,
	options: {
		path?: string;
		params?: Record<string, string>;
		form?: Record<string, string>;
		json?: unknown;
		/** A DICOM file as the body. */
		file?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
		headers?: Record<string, string>;
		address?: string;
	} = {},
): Promise<E> {
	const url = new URL(options.path ?? '/', 'http://localhost:3000');
	const init: RequestInit = { method: 'POST' };
	if (options.form) init.body = new URLSearchParams(options.form);
	if (options.json !== undefined) {
		init.body = JSON.stringify(options.json);
		init.headers = { 'content-type': 'application/json' };
	}
	if (options.file) {
		init.body = options.file;
		init.headers = { 'content-type': 'application/dicom' };
		Object.assign(init, { duplex: 'half' });
	}
	init.headers = { ...init.headers, ...options.headers } as Record<string, string>;
	const token = jar.get('session');
	const session = token === undefined ? null : await validateSessionToken(app.db, token);
	return {
		url,
		params: options.params ?? {},
		request: new Request(url, init),
		cookies: jar,
		locals: { app, user: session?.user ?? null },
		getClientAddress: () => options.address ?? '192.0.2.1',
	} as unknown as E;
}
