import type { UserView } from '#lib/ui/page-data.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }): { user: UserView | null } => ({
	user: locals.user,
});
