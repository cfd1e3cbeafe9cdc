import type { App as PacsApp } from '#lib/server/app.ts';
import type { SessionUser } from '#lib/server/auth/session.ts';

declare global {
	namespace App {
		interface Error {
			message: string;
			/** Under which the server's log has the details of an unexpected error. */
			id?: string;
		}
		interface Locals {
			app: PacsApp;
			user: SessionUser | null;
		}
	}
}

export {};
